import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { baseName } from "../naming/names.js";
import { coerce } from "../params/coerce.js";
import type { PipelineContext, StepMap } from "../pipeline/types.js";
import type { StepContext } from "../step/types.js";
import { loadSteps } from "./ahead.js";
import { savesResults } from "./context.js";
import { loadLevel2 } from "./level2.js";
import { isModel, modelsOf } from "./models.js";
import type { RunNode } from "./node.js";
import { selectionHeader } from "./references.js";
import { outputPath } from "./save.js";
import type { Session } from "./session.js";

type RunNodeFunction = (node: RunNode, session: Session, inputs: readonly unknown[], own: boolean) => Promise<unknown>;

/** Runs one step of a pipeline: `ctx.run.jump(model, {suffix: "x"})`. */
export type RunChild = (input: unknown, params?: Readonly<Record<string, unknown>>) => Promise<unknown>;

/** The context of a pipeline: that of a step, its steps to run, and its own suffix to set. */
export function pipelineContext<C extends StepContext<object, object>>(
  context: C,
  node: RunNode,
  session: Session,
  run: RunNodeFunction,
): C {
  const runs: Record<string, RunChild> = {};
  const steps: Record<string, { params: Record<string, unknown> }> = {};
  for (const [alias, child] of Object.entries(node.children)) {
    steps[alias] = { params: child.params };
    runs[alias] = async (input, params = {}) => {
      for (const [name, value] of Object.entries(params)) {
        const spec = child.step.allParameters[name];
        if (!spec) throw new ValidationError(`${alias} has no parameter "${name}"`, { step: alias, where: name });
        child.params[name] = coerce(name, value, spec);
      }
      const several = Array.isArray(input) && (child.step.positional !== undefined || !input.some(isModel));
      const inputs = several ? input : [input];
      return run(child, session, inputs, true);
    };
  }
  const setSuffix = (suffix: string): void => {
    node.params["suffix"] = suffix;
  };
  const more: Omit<PipelineContext<object, StepMap>, keyof StepContext | "run" | "steps" | "setSuffix"> = {
    loadSteps: () => loadSteps(node),
    level2: (input) => loadLevel2(input, node, session),
    nameProducts: (name) => {
      node.inputFile = name;
    },
    dropOutputFile: () => {
      node.params["save_results"] = savesResults(node);
      node.params["output_file"] = null;
    },
    productName: (options) => baseName(outputPath(node, session, options)),
    saveUnderOwnNames: () => {
      node.params["output_use_model"] = true;
      node.params["suffix"] = false;
    },
    saves: () => savesResults(node),
  };
  return Object.assign(context, { run: runs, steps, setSuffix, ...more });
}

function collect(node: RunNode, types: Set<string>): void {
  for (const child of Object.values(node.children)) {
    if (child.params["skip"] === true || !child.step.prefetch) continue;
    for (const { type } of child.step.references) {
      const override = child.params[`override_${type}`];
      if (override === null || override === undefined) types.add(type);
    }
    collect(child, types);
  }
}

/** Look up and download the references of all steps before the first one runs. */
export async function prefetchAll(node: RunNode, session: Session, input: unknown): Promise<void> {
  if (node.parent || !node.step.prefetch) return;
  const model: Model | undefined = modelsOf(input)[0];
  if (!model) return;
  const types = new Set<string>();
  collect(node, types);
  for (const type of Object.keys(session.references)) types.delete(type);
  if (types.size === 0) return;
  const wanted = [...types].sort();
  const log = session.logger(node.qualifiedName);
  log.info(`looks up references: ${wanted.join(", ")}`);
  try {
    const resolver = await session.resolver();
    const found = await resolver.prefetch(selectionHeader(model), wanted, { signal: session.signal });
    for (const [type, path] of Object.entries(found)) log.info(`${type} reference: ${path}`);
  } catch (error) {
    session.signal.throwIfAborted();
    // The step that really needs the reference says so; many steps are skipped and never ask.
    log.warn(`references cannot be looked up in advance: ${error instanceof Error ? error.message : String(error)}`);
  }
}
