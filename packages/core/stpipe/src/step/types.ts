import type { Executor } from "@calwebb/array";
import type { ScratchFile } from "@calwebb/bytes";
import type { Model, ModelContainer, ModelName, Models, Table } from "@calwebb/datamodels";
import type { ReferenceModels } from "../generated/references.js";
import type { CommandResult } from "../host/types.js";
import type { BaseParams } from "../params/base.js";
import type { Param } from "../params/types.js";
import type { RunOptions } from "../run/options.js";

/** Version of the contract between steps and this package. */
export const API_VERSION = 1;

/** Type bag of one step; exists only at compile time. */
export interface StepTypes {
  input: Model | ModelContainer;
  /** What the step gives: a model, or several. */
  output: unknown;
  params: object;
  refs: object;
}

export interface Logger {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  critical?(message: string): void;
}

/** How far a step is. `start` may be called again for a next part of the work. */
export interface Progress {
  start(total: number, label?: string): void;
  advance(n?: number): void;
}

/** What a product is called and where it goes. */
export interface SaveOptions {
  /** Last part of the name in place of the step's own; false leaves the name as it is. */
  suffix?: string | false;
  /** File name to start from in place of `output_file` or the input's name; only its last component counts. */
  name?: string;
  /** Extension, with or without the dot. */
  ext?: string;
  /** Number of the product among several. */
  index?: number;
  /** Further parts of the name, between the base name and the suffix; in place of what {@link StepContext.nameByAssociation} adds. */
  parts?: readonly (string | number | undefined)[];
  /** Save to exactly this path. */
  path?: string;
}

/** A member of a product of a level-2 association: a file or an open model, and its type in lower case. */
export interface Level2Member {
  readonly expname: string | Model;
  readonly exptype: string;
}

/** One exposure to be calibrated, with what belongs to it. */
export interface Level2Product {
  readonly name: string;
  readonly members: readonly Level2Member[];
}

/** A level-2 association: every product is calibrated on its own. */
export interface Level2Association {
  /** Name of the pool, as products record it. */
  readonly pool: string;
  /** Name of the association file; "singleton" when there is none. */
  readonly table: string;
  readonly products: readonly Level2Product[];
}

/** How a file is opened. */
export interface OpenOptions {
  /** Class to open the file as, whatever it says itself. */
  model?: ModelName;
  /** The caller closes the model; otherwise it is closed when the step is done, unless it is part of the result. */
  own?: boolean;
}

/** How {@link StepContext.findReference} looks. */
export interface FindReferenceOptions extends OpenOptions {
  /** Record the name in the metadata of the result (default true). */
  record?: boolean;
  /** Read the arrays (default true). */
  load?: boolean;
}

/** Everything a step's `process` may use beside its input. */
export interface StepContext<P = object, R = object> {
  readonly params: Readonly<P & BaseParams>;
  /** Reference models with their arrays loaded; optional ones may be missing. */
  readonly refs: Readonly<R>;
  /** Path or name of each reference, `"N/A"` when it does not apply. */
  readonly refNames: Readonly<Record<string, string>>;
  /** Alias under which the step runs. */
  readonly name: string;
  /** The association that the input came from, for steps that take level-2 associations. */
  readonly association: Level2Association | undefined;
  /** All positional inputs; the first is the one that `process` gets opened. */
  readonly inputs: readonly unknown[];
  /** Whether the step runs inside a pipeline. */
  readonly inPipeline: boolean;
  /** Identifier of the association that the input came from (`o001`), of the step or of the pipelines around it. */
  readonly asnId: string | undefined;
  /** From now on everything that the step saves has the association's identifier in its name; without one nothing changes. */
  nameByAssociation(): void;
  readonly log: Logger;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly executor: Executor;
  /** How many bytes the step should keep in memory at most; undefined without a limit. */
  readonly memoryBudget: number | undefined;
  /** A temporary file for what does not fit in memory; the step closes it. @throws {IoError} where there are none */
  scratch(): Promise<ScratchFile>;
  /** Open a file that a parameter or an association names; a path without a folder is taken from the input's folder. */
  openModel<N extends ModelName>(path: string, options: { model: N; own?: boolean }): Promise<Models[N]>;
  openModel(path: string, options?: OpenOptions): Promise<Model>;
  /** Text of a file that a parameter names (an association, a list). */
  readText(path: string): Promise<string>;
  /** The first table of a FITS file that a parameter names. */
  readTable(path: string): Promise<Table>;
  /** Save a product beside the result; gives its path. Works whether or not results are saved. */
  saveModel(model: Model, options?: SaveOptions): Promise<string>;
  /** Begin to save a product that nobody changes any more; it is written while the step goes on, which ends when it is saved. */
  beginSave(model: Model, options?: SaveOptions): void;
  /** Save a product only when results are saved (`save_results`, `output_file`); gives its path. */
  saveResult(model: Model, options?: SaveOptions): Promise<string | undefined>;
  /** One of several results is as it was: its status is SKIPPED. */
  leaveOut(model: Model): void;
  /** The results need not be saved any more: the step has done so itself. */
  resultsAreSaved(): void;
  /** Save text beside the result; gives its path. */
  saveText(text: string, options?: SaveOptions): Promise<string>;
  /** Save a table as a FITS file beside the result; gives its path. @param options.cards - keywords of the table */
  saveTable(
    table: Table,
    options?: SaveOptions & { cards?: Readonly<Record<string, string | number | boolean>> },
  ): Promise<string>;
  /** Run an external command; its output goes to the log of the caller's choice. @throws {IoError} where there are no commands */
  runCommand(command: string, env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** A reference that is known to be needed only while running; undefined when it does not apply. */
  findReference<T extends string>(type: T, options?: FindReferenceOptions): Promise<ReferenceModelOf<T> | undefined>;
  /** The same for a reference that is a text (JSON). */
  findReferenceText(type: string, options?: { readonly record?: boolean }): Promise<string | undefined>;
}

export type ReferenceModelOf<T> = T extends keyof ReferenceModels ? ReferenceModels[T] : Model;

/** A result that stands for "not done". */
export interface Skip {
  readonly skip: string;
  /** Status to record in place of SKIPPED, for a step that was asked to do what it cannot. */
  readonly status?: "FAILED";
}

export type Awaitable<T> = T | Promise<T>;
export type StepOutcome = Model | readonly Model[] | ModelContainer | Skip;

/** The body of a step. It may change its input: the runner has made a copy unless nobody else needs it. */
export type Process<T extends StepTypes> = (
  input: T["input"],
  context: StepContext<T["params"], T["refs"]>,
) => Awaitable<StepOutcome>;

/** The type of the function that `process.ts` exports: `export const process: ProcessOf<typeof JumpStep>`. */
export type ProcessOf<S> = S extends { readonly types?: infer T } ? (T extends StepTypes ? Process<T> : never) : never;
export type ParamsOf<S> = S extends { readonly types?: infer T } ? (T extends StepTypes ? T["params"] : never) : never;
export type InputOf<S> = S extends { readonly types?: infer T } ? (T extends StepTypes ? T["input"] : never) : never;
export type OutputOf<S> = S extends { readonly types?: infer T } ? (T extends StepTypes ? T["output"] : never) : never;

/** A declared reference. */
export interface Reference {
  readonly type: string;
  /** The step also runs when there is none. */
  readonly optional: boolean;
  /** Class to open the file as; undefined: the file says. */
  readonly model: ModelName | undefined;
  /** Only declared for overrides and prefetching; the step asks for it with `findReference`. */
  readonly manual: boolean;
  /** The arrays stay in the file until they are used. */
  readonly lazy: boolean;
  /** Arrays that are read before the step runs; undefined: all. */
  readonly arrays?: readonly string[];
  /** The step leaves it as it is: a later step of the pipeline may get the same model. */
  readonly kept?: boolean;
  needs(model: Model, params: Readonly<Record<string, unknown>>): boolean;
  modelFor(model: Model, params: Readonly<Record<string, unknown>>): ModelName | undefined;
}

/** Values that a caller may give: own and base parameters, overrides of references. */
export type CallParams<T extends StepTypes> = Partial<T["params"]> &
  Partial<BaseParams> & { readonly [K in `override_${string}`]?: string | Model | null };

/** A calibration step: a frozen value that says what the step is. Its numeric body loads when it first runs. */
export interface Step<T extends StepTypes = StepTypes> {
  /** Never set; carries the types. */
  readonly types?: T;
  readonly apiVersion: number;
  readonly kind: "step" | "pipeline";
  /** Name on command lines and in pipelines: `jump`. */
  readonly alias: string;
  readonly className: string;
  /** Path of the class in the reference implementation: `jwst.jump.JumpStep`. */
  readonly classPath: string;
  /** One sentence that says what it does. */
  readonly description: string;
  readonly inputModels: readonly string[];
  readonly outputModels: readonly string[];
  /** Attribute of `meta.cal_step` that the step's status goes to; null: none. */
  readonly calStep: string | null;
  /** Own parameters. */
  readonly parameters: Readonly<Record<string, Param>>;
  /** Base, own and override parameters. */
  readonly allParameters: Readonly<Record<string, Param>>;
  readonly references: readonly Reference[];
  /** Whether references are looked up before a pipeline starts. */
  readonly prefetch: boolean;
  /** Paths are passed to the body as they are. */
  readonly takesFiles: boolean;
  /** Associations that may be given in place of an exposure. */
  readonly associations?: "level2";
  /** Names of the positional inputs of a step that takes more than one: `["target", "psfs"]`. One that ends with "?" may be left out. */
  readonly positional?: readonly string[];
  /** Steps of a pipeline by alias. */
  readonly steps: Readonly<Record<string, Step>>;
  /** Why the step would be skipped for this input, asked before references are looked up. */
  gate(input: Model, params: Readonly<Record<string, unknown>>): string | undefined;
  /** Load the body. */
  load(): Promise<Process<StepTypes>>;
  /** Run the step on a file or a model, which is left as it is. */
  call(input: string | T["input"], params?: CallParams<T>, options?: RunOptions): Promise<T["output"]>;
}
