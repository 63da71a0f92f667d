import type { Param, ParamType } from "./types.js";

/** What every builder takes. A default of null (also when it is left out) makes the value nullable. */
export interface ParamOptions<D> {
  default?: D;
  help: string;
  /** The Python package has no such parameter. */
  extension?: boolean;
}

export interface RangeOptions<D> extends ParamOptions<D> {
  min?: number;
  max?: number;
}

type Nullable<D, T> = null extends D ? T | null : T;

function make<T>(type: ParamType, options: ParamOptions<unknown> & Partial<Param>): Param<T> {
  return Object.freeze({ type, ...options, default: (options.default ?? null) as T });
}

/** A floating-point number; `min` and `max` are inclusive. */
export function float<D extends number | null = null>(options: RangeOptions<D>): Param<Nullable<D, number>> {
  return make("float", options);
}

/** A whole number; `min` and `max` are inclusive. */
export function integer<D extends number | null = null>(options: RangeOptions<D>): Param<Nullable<D, number>> {
  return make("integer", options);
}

export function boolean<D extends boolean | null = null>(options: ParamOptions<D>): Param<Nullable<D, boolean>> {
  return make("boolean", options);
}

/** Text; `min` and `max` limit its length. */
export function string<D extends string | null = null>(options: RangeOptions<D>): Param<Nullable<D, string>> {
  return make("string", options);
}

/** One of several words. `null` among the values stands for `None`. */
export function option<const V extends readonly (string | null)[]>(
  values: V,
  options: ParamOptions<V[number]>,
): Param<V[number]> {
  return make("option", { ...options, options: values });
}

/** Values of any kind; `min` and `max` limit their number. */
export function list<D extends readonly unknown[] | null = null>(
  options: RangeOptions<D>,
): Param<Nullable<D, readonly unknown[]>> {
  return make("list", options);
}

/** Like {@link list}; a single value becomes a list of one. */
export function forceList<D extends readonly unknown[] | null = null>(
  options: RangeOptions<D>,
): Param<Nullable<D, readonly unknown[]>> {
  return make("force_list", options);
}

export function intList<D extends readonly number[] | null = null>(
  options: RangeOptions<D>,
): Param<Nullable<D, readonly number[]>> {
  return make("int_list", options);
}

export function floatList<D extends readonly number[] | null = null>(
  options: RangeOptions<D>,
): Param<Nullable<D, readonly number[]>> {
  return make("float_list", options);
}

export function boolList<D extends readonly boolean[] | null = null>(
  options: RangeOptions<D>,
): Param<Nullable<D, readonly boolean[]>> {
  return make("bool_list", options);
}

export function stringList<D extends readonly string[] | null = null>(
  options: RangeOptions<D>,
): Param<Nullable<D, readonly string[]>> {
  return make("string_list", options);
}

/** A file to be written; a relative path in a configuration file is relative to that file. */
export function outputFile<D extends string | null = null>(options: ParamOptions<D>): Param<Nullable<D, string>> {
  return make("output_file", options);
}

/** A file that must exist; a relative path in a configuration file is relative to that file. */
export function inputFile<D extends string | null = null>(options: ParamOptions<D>): Param<Nullable<D, string>> {
  return make("input_file", options);
}
