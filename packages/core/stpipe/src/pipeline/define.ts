import type { Model, ModelName, Models } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { allParams } from "../params/base.js";
import { string } from "../params/builders.js";
import type { Param, ParamValues } from "../params/types.js";
import { loadProcess } from "../step/define.js";
import { API_VERSION, type Process, type Step, type StepTypes } from "../step/types.js";
import type { Pipeline, PipelineProcess, PipelineTypes, StepMap } from "./types.js";

/** What a pipeline says about itself. `process` is given at once or by a module that loads when it first runs. */
export interface PipelineDeclaration<
  I extends ModelName,
  O extends ModelName,
  P extends Readonly<Record<string, Param>>,
  S extends StepMap,
> {
  alias: string;
  className: string;
  classPath: string;
  description?: string;
  /** Class of the input, or classes of which the one that fits is opened. */
  input: I | readonly I[];
  output: O | readonly O[];
  /** Steps by alias, in the order of configuration and prefetching. */
  steps: S;
  parameters?: P;
  /** Default of the parameter `suffix`. */
  suffix?: string;
  prefetch?: boolean;
  /** Inputs are passed as they are given: paths (associations) stay paths. */
  takesFiles?: boolean;
  /** Takes level-2 associations, with `takesFiles`; `ctx.level2` reads them. */
  associations?: "level2";
  process?: PipelineProcess<Models[I], ParamValues<P>, S>;
  load?: () => Promise<unknown>;
}

/** The type bag that a declaration amounts to. */
export interface DeclaredPipeline<I extends ModelName, O extends ModelName, P, S extends StepMap>
  extends PipelineTypes {
  input: Models[I];
  output: Models[O];
  params: ParamValues<P>;
  refs: object;
  steps: S;
}

/** A step put before or after another. */
interface Insertion {
  readonly at: string;
  readonly when: "before" | "after";
  readonly alias: string;
}

interface Parts {
  readonly declaration: PipelineDeclaration<ModelName, ModelName, Readonly<Record<string, Param>>, StepMap>;
  readonly steps: StepMap;
  readonly insertions: readonly Insertion[];
}

interface Runs {
  run: Record<string, (input: unknown, params?: object) => Promise<unknown>>;
}

/** Put inserted steps around the runners of the pipeline's own steps, and let removed ones pass. */
function withInsertions(context: Runs, parts: Parts): void {
  const { run } = context;
  for (const alias of Object.keys(parts.declaration.steps)) run[alias] ??= async (input) => input;
  for (const { at, when, alias } of parts.insertions) {
    const own = run[at];
    const other = run[alias];
    run[at] =
      when === "before"
        ? async (input, params) => own(await other(input), params)
        : async (input, params) => other(await own(input, params));
  }
}

function build(parts: Parts): Pipeline {
  const { declaration: d, steps, insertions } = parts;
  const own: Record<string, Param> = { ...d.parameters };
  if (d.suffix !== undefined && !own["suffix"])
    own["suffix"] = string({ default: d.suffix, help: "Last part of the name of the product" });
  const known = (alias: string): void => {
    if (!steps[alias])
      throw new ValidationError(`${d.alias} has no step "${alias}"; it has ${Object.keys(steps).join(", ")}`);
  };
  const insert = (at: string, when: "before" | "after", step: Step): Pipeline => {
    known(at);
    if (steps[step.alias])
      throw new ValidationError(`${d.alias} already has a step "${step.alias}"; replace it with .with()`);
    return build({
      ...parts,
      steps: { ...steps, [step.alias]: step },
      insertions: [...insertions, { at, when, alias: step.alias }],
    });
  };
  const pipeline: Pipeline = {
    apiVersion: API_VERSION,
    kind: "pipeline",
    alias: d.alias,
    className: d.className,
    classPath: d.classPath,
    description: d.description ?? "",
    inputModels: typeof d.input === "string" ? [d.input] : d.input,
    outputModels: typeof d.output === "string" ? [d.output] : d.output,
    calStep: null,
    parameters: Object.freeze(own),
    allParameters: Object.freeze(allParams(own, [])),
    references: Object.freeze([]),
    prefetch: d.prefetch ?? true,
    takesFiles: d.takesFiles ?? false,
    ...(d.associations ? { associations: d.associations } : {}),
    steps: Object.freeze({ ...steps }),
    gate: () => undefined,
    load: async () => {
      const body = d.process ?? (await loadProcess(d.alias, d.load as () => Promise<unknown>));
      return ((input: Model, context: unknown) => {
        withInsertions(context as Runs, parts);
        return (body as Process<StepTypes>)(input, context as never);
      }) as Process<StepTypes>;
    },
    call: async (input, params, options) => {
      const { callStep } = await import("../run/configure.js");
      return callStep(pipeline as unknown as Step, input, params ?? {}, options);
    },
    with: (replacements) => {
      for (const alias of Object.keys(replacements)) known(alias);
      return build({ ...parts, steps: { ...steps, ...replacements } });
    },
    insertAfter: (alias, step) => insert(alias, "after", step),
    insertBefore: (alias, step) => insert(alias, "before", step),
    remove: (alias) => {
      known(alias);
      const { [alias]: _removed, ...rest } = steps;
      // What was put around the step stays: its place is passed over, not its neighbours.
      return build({ ...parts, steps: rest, insertions: insertions.filter((i) => i.alias !== alias) });
    },
  };
  return Object.freeze(pipeline);
}

/**
 * Declare a pipeline: a step whose `process` runs other steps through `ctx.run.<alias>(model)`.
 * @throws {ValidationError} when it has neither `process` nor `load`
 */
export function definePipeline<
  const I extends ModelName,
  const O extends ModelName,
  P extends Readonly<Record<string, Param>> = Readonly<Record<never, Param>>,
  S extends StepMap = StepMap,
>(declaration: PipelineDeclaration<I, O, P, S>): Pipeline<DeclaredPipeline<I, O, P, S>> {
  if (!declaration.process && !declaration.load)
    throw new ValidationError(`pipeline ${declaration.alias} has neither "process" nor "load"`);
  const parts = {
    declaration: declaration as unknown as Parts["declaration"],
    steps: declaration.steps,
    insertions: [],
  };
  return build(parts) as unknown as Pipeline<DeclaredPipeline<I, O, P, S>>;
}
