import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { string } from "../params/builders.js";
import type { Param } from "../params/types.js";
import type { Step } from "../step/types.js";
import { definePipeline } from "./define.js";
import type { Pipeline, PipelineContext, PipelineTypes, StepMap } from "./types.js";

/** A pipeline that is nothing but a row of steps. */
export interface LinearDeclaration {
  alias: string;
  className: string;
  classPath: string;
  description?: string;
  /** Name and step, in the order in which they run; the same step may be there under several names. */
  steps: readonly (readonly [name: string, step: Step])[];
  parameters?: Readonly<Record<string, Param>>;
  suffix?: string;
}

/** Type bag of a linear pipeline. */
export interface LinearTypes extends PipelineTypes {
  params: { start_step: string | null; end_step: string | null };
}

const partial = {
  start_step: string({ help: "First step to run; the result of the one before is taken from the working folder" }),
  end_step: string({ help: "Last step to run" }),
};

type Context = PipelineContext<{ start_step: string | null; end_step: string | null }, StepMap>;

/** Where the result of a step is kept for a later run. */
export const cacheFile = (pipeline: string, step: string): string => `stpipe.${pipeline}.${step}.fits`;

async function process(names: readonly string[], first: Model, ctx: Context): Promise<Model> {
  const { start_step, end_step } = ctx.params;
  const place = (name: string | null, otherwise: number): number => {
    if (name === null) return otherwise;
    const at = names.indexOf(name);
    if (at < 0)
      throw new ValidationError(`${ctx.name} has no step "${name}"; it has ${names.join(", ")}`, { got: name });
    return at;
  };
  const start = place(start_step, 0);
  const end = place(end_step, names.length - 1);
  if (end < start) throw new ValidationError(`end_step ${end_step} comes before start_step ${start_step}`);
  const caching = start_step !== null || end_step !== null;
  let model = first;
  if (start > 0) {
    const file = cacheFile(ctx.name, names[start - 1]);
    try {
      model = await ctx.openModel(`./${file}`);
    } catch (cause) {
      throw new ValidationError(
        `cannot start at ${start_step}: there is no usable result of ${names[start - 1]} (${file}); run with end_step=${names[start - 1]} first`,
        { file, cause },
      );
    }
    model.meta.filename = first.meta.filename;
  }
  for (let i = start; i <= end; i++) {
    const { filename } = model.meta;
    const result = await ctx.run[names[i]](model);
    const single = Array.isArray(result) ? (result as Model[])[0] : (result as Model);
    model = single;
    if (!caching) continue;
    await ctx.saveModel(model, { path: cacheFile(ctx.name, names[i]) });
    model.meta.filename = filename;
  }
  return model;
}

/**
 * Declare a pipeline whose steps run one after the other, each on the result of the one before. Its parameters `start_step` and
 * `end_step` (both included) run a part of it; then the result of every step is kept in the working folder
 * (`stpipe.<pipeline>.<step>.fits`), so that a later run can start behind it.
 * @throws {ValidationError} when two steps have the same name
 */
export function defineLinearPipeline(declaration: LinearDeclaration): Pipeline<LinearTypes> {
  const names = declaration.steps.map(([name]) => name);
  const steps: Record<string, Step> = Object.fromEntries(declaration.steps);
  if (Object.keys(steps).length !== names.length)
    throw new ValidationError(`${declaration.alias} has two steps of the same name: ${names.join(", ")}`);
  const [, first] = declaration.steps[0] ?? [];
  const [, last] = declaration.steps[declaration.steps.length - 1] ?? [];
  if (!first || !last) throw new ValidationError(`${declaration.alias} has no steps`);
  const { alias, className, classPath, description, suffix, parameters } = declaration;
  return definePipeline({
    alias,
    className,
    classPath,
    ...(description ? { description } : {}),
    ...(suffix ? { suffix } : {}),
    input: first.inputModels as never,
    output: last.outputModels as never,
    steps,
    parameters: { ...partial, ...parameters },
    process: (input, ctx) => process(names, input as Model, ctx as unknown as Context),
  }) as unknown as Pipeline<LinearTypes>;
}
