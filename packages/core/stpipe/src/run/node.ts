import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { resolveParams } from "../params/resolve.js";
import type { Level2Association, Step } from "../step/types.js";

/** One configured step of a run; a pipeline has one for each of its steps. */
export interface RunNode {
  readonly step: Step;
  /** Name of the instance: alias inside a pipeline, class name when run alone. Decides the default suffix. */
  readonly name: string;
  /** `stpipe.calwebb_detector1.jump`; the logger's name. */
  readonly qualifiedName: string;
  readonly parent: RunNode | undefined;
  readonly depth: number;
  /** Checked values of all parameters. */
  readonly params: Record<string, unknown>;
  readonly children: Readonly<Record<string, RunNode>>;
  /** Name of the file that the outermost input came from. */
  inputFile?: string;
  /** Folder of inputs that are given without one. */
  inputDir?: string;
  /** The association that the input came from. */
  association?: Level2Association;
  /** Models of the result that the step could do nothing for. */
  leftOut?: Set<Model>;
  /** Products that are being written. */
  saving?: Promise<unknown>[];
  /** The body has saved the results itself. */
  saved?: boolean;
  /** Identifier of the association that the input came from. */
  asnId?: string;
  /** Goes into the names of products, before the suffix. */
  namePart?: string;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * Configure a step and, for a pipeline, its steps (`given.steps.<alias>`).
 * @throws {ValidationError} as of {@link resolveParams}, and for a step that the pipeline does not have
 */
export function makeNode(
  step: Step,
  given: Readonly<Record<string, unknown>>,
  name: string,
  parent?: RunNode,
): RunNode {
  const { steps, name: _name, class: _class, config_file: _file, ...own } = given as Record<string, unknown>;
  const isPipeline = step.kind === "pipeline";
  if (steps !== undefined && !isPipeline) own["steps"] = steps;
  const children: Record<string, RunNode> = {};
  const node: RunNode = {
    step,
    name,
    qualifiedName: `${parent?.qualifiedName ?? "stpipe"}.${name}`,
    parent,
    depth: parent ? parent.depth + 1 : 0,
    params: resolveParams(step.allParameters, own, name),
    children,
  };
  if (!isPipeline) return node;
  const sections = isMapping(steps) ? steps : {};
  for (const alias of Object.keys(sections))
    if (!step.steps[alias])
      throw new ValidationError(`${step.alias} has no step "${alias}"; it has ${Object.keys(step.steps).join(", ")}`, {
        where: `steps.${alias}`,
      });
  for (const [alias, child] of Object.entries(step.steps)) {
    const section = sections[alias];
    children[alias] = makeNode(child, isMapping(section) ? section : {}, alias, node);
  }
  return node;
}

/** The first value that is set, from the node outwards through its pipelines. */
export function search(node: RunNode, name: string): unknown {
  for (let at: RunNode | undefined = node; at; at = at.parent) {
    const value = at.params[name];
    if (value !== null && value !== undefined) return value;
  }
  return undefined;
}

/** The outermost node. */
export function rootOf(node: RunNode): RunNode {
  let at = node;
  while (at.parent) at = at.parent;
  return at;
}
