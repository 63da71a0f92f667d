import type { Model } from "@calwebb/datamodels";
import type { BaseParams } from "../params/base.js";
import type { ParamInput } from "../params/types.js";
import type { RunOptions } from "../run/options.js";
import type {
  Awaitable,
  CallParams,
  InputOf,
  Level2Association,
  OutputOf,
  SaveOptions,
  Step,
  StepContext,
  StepOutcome,
  StepTypes,
} from "../step/types.js";

export type StepMap = Readonly<Record<string, Step>>;

/** Type bag of a pipeline; exists only at compile time. */
export interface PipelineTypes extends StepTypes {
  steps: StepMap;
}

/**
 * Runs one step of the pipeline on a model, which it may change, and gives its result. Parameters given here hold from now on
 * (`ctx.run.gain_scale(model, { suffix: "gain_scaleints" })`). A list runs as one input, except for steps that take several; a skipped step gives its input back.
 */
export type StepRunner<S> = (input: InputOf<S> | Model | readonly Model[], params?: ParamInput) => Promise<OutputOf<S>>;

/** What a pipeline's `process` gets: the context of a step, and its steps. */
export interface PipelineContext<P, S extends StepMap> extends StepContext<P, object> {
  /** The steps, to run. */
  readonly run: { readonly [K in keyof S]: StepRunner<S[K]> };
  /** The steps' parameters. */
  readonly steps: { readonly [K in keyof S]: { readonly params: Readonly<BaseParams & Record<string, unknown>> } };
  /** Load the code of the steps that will run, while something else is waited for. Never fails. */
  loadSteps(): Promise<void>;
  /** Decide the suffix of the pipeline's own product. */
  setSuffix(suffix: string): void;
  /** The input as a level-2 association; an exposure or a list of them becomes one with a product for each. */
  level2(input: unknown): Promise<Level2Association>;
  /** Name the products of this pipeline and its steps after this from now on, unless `output_file` is set. */
  nameProducts(name: string): void;
  /** Forget `output_file`; what was saved because of it still is. */
  dropOutputFile(): void;
  /** File name that a product will have. */
  productName(options?: SaveOptions): string;
  /** Results carry their whole file name in `meta.filename`. */
  saveUnderOwnNames(): void;
  /** Whether results are saved (`save_results`, `output_file`). */
  saves(): boolean;
}

export type PipelineProcess<I extends Model, P, S extends StepMap> = (
  input: I,
  context: PipelineContext<P, S>,
) => Awaitable<StepOutcome>;

/** Values for a pipeline: its own, and those of its steps by alias. */
export type PipelineParams<T extends PipelineTypes> = CallParams<T> & {
  readonly steps?: { readonly [K in keyof T["steps"]]?: ParamInput };
};

/** A pipeline is a step that has steps. All changes give a new pipeline. */
export interface Pipeline<T extends PipelineTypes = PipelineTypes> extends Step<T> {
  readonly kind: "pipeline";
  readonly steps: StepMap;
  /** Run the pipeline on a file or a model, which is left as it is. */
  call(input: string | T["input"], params?: PipelineParams<T>, options?: RunOptions): Promise<T["output"]>;
  /** Replace steps: `Detector1Pipeline.with({ jump: MyJump })`. */
  with(steps: Readonly<Record<string, Step>>): Pipeline<T>;
  /** Run a step after one of the pipeline's. */
  insertAfter(alias: string, step: Step): Pipeline<T>;
  insertBefore(alias: string, step: Step): Pipeline<T>;
  /** Take a step out; its place is passed over. */
  remove(alias: string): Pipeline<T>;
}

export type { RunOptions };
