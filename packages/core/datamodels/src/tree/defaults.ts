import { type NdArray, ndarray } from "@calwebb/array";
import type { ArraySchema } from "../schema/decode.js";
import { dtypeOfSchema } from "./cast.js";

/**
 * Shape of an array that is made by default: the last `ndim` axes of the primary array.
 * @param primary - shape of the primary array, if there is one
 */
export function defaultShape(name: string, schema: ArraySchema, primary: readonly number[] | undefined): number[] {
  const ndim = schema.ndim ?? schema.maxNdim;
  // Zero frames have no group axis.
  if (name === "zeroframe" && primary?.length === 4) return [primary[0], primary[2], primary[3]];
  if (primary === undefined) return new Array<number>(ndim ?? 1).fill(0);
  return ndim === undefined ? [...primary] : primary.slice(-ndim);
}

/** A new array of the schema's type, filled with its default. */
export function defaultArray(schema: ArraySchema, shape: readonly number[]): NdArray {
  const array = ndarray(dtypeOfSchema(schema.datatype), shape) as NdArray;
  if (schema.default) array.data.fill(schema.default as never);
  return array;
}
