import type { Model, ModelContainer, ModelName, Models } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { allParams } from "../params/base.js";
import { string } from "../params/builders.js";
import type { Param, ParamValues } from "../params/types.js";
import type { RunOptions } from "../run/options.js";
import { ref, type TypedReference } from "./reference.js";
import {
  API_VERSION,
  type Process,
  type Reference,
  type ReferenceModelOf,
  type Step,
  type StepTypes,
} from "./types.js";

/** What steps take and give: a model class, or the members of an association. */
export type InputName = ModelName | "ModelContainer";
type Names = InputName | readonly InputName[];
type ModelOf<N> = N extends readonly (infer M)[]
  ? ModelOf<M>
  : N extends ModelName
    ? Models[N]
    : N extends "ModelContainer"
      ? ModelContainer
      : never;
/** A list of models stands for several results. */
type ResultOf<N> = N extends readonly ModelName[] ? ModelOf<N>[] : ModelOf<N>;
/** A model of the input: of a container, any of its members. */
type MemberOf<I> = Exclude<I, ModelContainer> | (Extract<I, ModelContainer> extends never ? never : Model);

type AnyReference = string | TypedReference<string, never, boolean> | Reference;
type TypeOfRef<R> = R extends string ? R : R extends TypedReference<infer T, infer _N, infer _O> ? T : never;
type ValueOfRef<R> = R extends string
  ? ReferenceModelOf<R>
  : R extends TypedReference<infer T, infer N, infer _O>
    ? [N] extends [never]
      ? ReferenceModelOf<T>
      : Models[N]
    : never;
type IsOptional<R> = R extends TypedReference<string, infer _N, infer O> ? (O extends true ? true : false) : false;

/** `{gain: GainModel; superbias?: SuperBiasModel}` of a list of declared references. */
export type RefsOf<R extends readonly unknown[]> = {
  [K in R[number] as IsOptional<K> extends true ? never : TypeOfRef<K>]: ValueOfRef<K>;
} & {
  [K in R[number] as IsOptional<K> extends true ? TypeOfRef<K> : never]?: ValueOfRef<K>;
};

/** What a step says about itself. */
export interface StepDeclaration<
  I extends Names,
  O extends Names,
  P extends Readonly<Record<string, Param>>,
  R extends readonly AnyReference[],
> {
  alias: string;
  className: string;
  classPath: string;
  /** One sentence that says what the step does; shown by `-h`. */
  description?: string;
  /** Class (or classes) of the input; a file is opened as the one that fits, an association as a `ModelContainer` where that is among them. */
  input: I;
  /** Class of the result; a list stands for several results. */
  output: O;
  /** Attribute of `meta.cal_step` in place of the alias; null: the step has no status of its own. */
  calStep?: string | null;
  parameters: P;
  references?: R;
  /** Default of the parameter `suffix`. */
  suffix?: string;
  /** Default of the parameter `skip`. */
  skip?: boolean;
  /** Whether a pipeline looks the references up before it starts (default true). */
  prefetch?: boolean;
  /** Inputs are passed as they are given: paths stay paths. */
  takesFiles?: boolean;
  /** Take level-2 associations too: the step works on the science exposure of the first product, `ctx.association` has the rest. */
  associations?: "level2";
  /** Names of the positional inputs when there are several; `process` finds those after the first in `ctx.inputs`. One that ends with "?" may be left out. */
  positional?: readonly string[];
  /** Reason not to run for this input, asked before references are looked up. */
  gate?: (input: MemberOf<ModelOf<I>>, params: Readonly<ParamValues<P>>) => string | undefined;
  /** The module that exports `process`. */
  load: () => Promise<unknown>;
}

/** The type bag that a declaration amounts to. */
export interface DeclaredTypes<I extends Names, O extends Names, P, R extends readonly unknown[]> extends StepTypes {
  input: ModelOf<I>;
  output: ResultOf<O>;
  params: ParamValues<P>;
  refs: RefsOf<R>;
}

const ALIAS = /^[a-z][a-z0-9_-]*$/;
const asList = (names: Names): readonly string[] => (typeof names === "string" ? [names] : names);

/** The function that a step's module exports. */
export async function loadProcess(alias: string, load: () => Promise<unknown>): Promise<Process<StepTypes>> {
  const body = (await load()) as { process?: unknown } | undefined;
  const found = typeof body === "function" ? body : body?.process;
  if (typeof found !== "function")
    throw new ValidationError(`step ${alias}: the module that it loads exports no function "process"`, { step: alias });
  return found as Process<StepTypes>;
}

/**
 * Declare a step. The result is a frozen value that is cheap to import: `load` brings in the numeric code when the step first runs.
 *
 * `ctx.params` and `ctx.refs` of the body follow from the declaration:
 * `export const process: ProcessOf<typeof JumpStep> = (input, ctx) => ...`.
 * @throws {ValidationError} when the alias is not lower case
 */
export function defineStep<
  const I extends Names,
  const O extends Names,
  P extends Readonly<Record<string, Param>>,
  const R extends readonly AnyReference[] = readonly [],
>(declaration: StepDeclaration<I, O, P, R>): Step<DeclaredTypes<I, O, P, R>> {
  const d = declaration;
  if (!ALIAS.test(d.alias))
    throw new ValidationError(`step alias "${d.alias}" must be lower case letters, digits, "_" and "-"`);
  const own: Record<string, Param> = { ...d.parameters };
  if (d.suffix !== undefined && !own["suffix"])
    own["suffix"] = string({ default: d.suffix, help: "Last part of the name of the product" });
  if (d.skip !== undefined && !own["skip"])
    own["skip"] = Object.freeze({ type: "boolean", default: d.skip, help: "Do not run the step" });
  const references = (d.references ?? []).map((r): Reference => (typeof r === "string" ? ref(r) : r));
  const step: Step<DeclaredTypes<I, O, P, R>> = {
    apiVersion: API_VERSION,
    kind: "step",
    alias: d.alias,
    className: d.className,
    classPath: d.classPath,
    description: d.description ?? "",
    inputModels: asList(d.input),
    outputModels: asList(d.output),
    calStep: d.calStep === undefined ? d.alias : d.calStep,
    parameters: Object.freeze(own),
    allParameters: Object.freeze(
      allParams(
        own,
        references.map((r) => r.type),
      ),
    ),
    references: Object.freeze(references),
    prefetch: d.prefetch ?? true,
    takesFiles: d.takesFiles ?? false,
    ...(d.associations ? { associations: d.associations } : {}),
    ...(d.positional ? { positional: Object.freeze([...d.positional]) } : {}),
    steps: Object.freeze({}),
    gate: (input: Model, params) => d.gate?.(input as MemberOf<ModelOf<I>>, params as ParamValues<P>),
    load: () => loadProcess(d.alias, d.load),
    call: async (input, params, options?: RunOptions) => {
      const { callStep } = await import("../run/configure.js");
      return (await callStep(step as unknown as Step, input, params ?? {}, options)) as ResultOf<O>;
    },
  };
  return Object.freeze(step);
}
