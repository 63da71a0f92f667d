import type { NdArray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { VALUE_ARRAYS } from "@calwebb/resampling";

/** Arrays that flagging changes. */
export const CHANGED: readonly string[] = [...VALUE_ARRAYS, "dq"];

/** Read the arrays that are there. */
export async function loadArrays(model: Model): Promise<void> {
  await model.load(...CHANGED.filter((name) => model.hasArray(name)));
}

/** A loaded array as typed values. */
export const values = <T extends Float32Array | Uint32Array = Float32Array>(model: Model, name: string): T =>
  (model.get(name) as NdArray<T>).flat();

/** Errors of a model; zeros when it has none. */
export function errorsOf(model: Model): Float32Array {
  return model.hasArray("err") ? values(model, "err") : new Float32Array(values(model, "data").length);
}
