import type { Model, ModelName } from "@calwebb/datamodels";
import { referenceFacts } from "../generated/references.js";
import type { Reference } from "./types.js";

/** What a declaration of a reference may say. */
export interface RefOptions<N extends ModelName = ModelName, O extends boolean = boolean> {
  /** The step also runs without it (default false). */
  optional?: O;
  /** Class to open the file as, or a function that decides by the input. Default: the only class of the type, else the file says. */
  model?: N | ((model: Model, params: Readonly<Record<string, unknown>>) => N | undefined);
  /** Whether it is needed for this input; when not, it is neither looked up nor recorded. */
  needs?: (model: Model, params: Readonly<Record<string, unknown>>) => boolean;
  /** Only declare it (override parameter, prefetch); the step asks with `ctx.findReference`. */
  manual?: boolean;
  /** Leave the arrays in the file until they are used (default false: they are read before the step runs). */
  lazy?: boolean;
  /** Arrays that are read before the step runs; the others stay in the file until they are used (default: all are read). */
  arrays?: readonly string[];
  /** The step leaves it as it is: a later step of the pipeline that needs it gets the same model (default false). */
  kept?: boolean;
}

/** A reference with more than a type; `T`, `N` and `O` carry the types into `ctx.refs`. */
export interface TypedReference<T extends string, N extends ModelName, O extends boolean> extends Reference {
  readonly tag?: readonly [T, N, O];
}

const yes = (): boolean => true;

/**
 * Declare a reference: `ref("superbias", { optional: true, needs: (model) => model.meta.exposure.nframes > 1 })`.
 * @param type - reference type, lower case
 */
export function ref<T extends string, N extends ModelName = never, O extends boolean = false>(
  type: T,
  options: RefOptions<N, O> = {},
): TypedReference<T, N, O> {
  const { model } = options;
  const fixed = typeof model === "string" ? model : model ? undefined : referenceFacts[type]?.model;
  return Object.freeze({
    type,
    optional: options.optional ?? false,
    model: fixed,
    manual: options.manual ?? false,
    lazy: options.lazy ?? false,
    ...(options.arrays ? { arrays: Object.freeze([...options.arrays]) } : {}),
    kept: options.kept ?? false,
    needs: options.needs ?? yes,
    modelFor: typeof model === "function" ? model : () => fixed,
  });
}
