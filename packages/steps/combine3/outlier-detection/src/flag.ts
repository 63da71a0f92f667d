import type { NdArray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { matchInvalid, VALUE_ARRAYS } from "@calwebb/resampling";

const FLAGS = pixel.DO_NOT_USE | pixel.OUTLIER;

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

/**
 * Flag the outliers of a model DO_NOT_USE and OUTLIER and make values and flags agree, in place.
 * @returns how many there are
 */
export function applyFlags(model: Model, outliers: Uint8Array): number {
  // Reading makes the flags of a model that has none.
  const dq = values<Uint32Array>(model, "dq");
  let n = 0;
  for (let p = 0; p < outliers.length; p++) {
    if (outliers[p] === 0) continue;
    dq[p] = (dq[p] | FLAGS) >>> 0;
    n++;
  }
  matchInvalid(model);
  return n;
}
