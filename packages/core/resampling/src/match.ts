import type { NdArray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";

/** Arrays whose NaN make a pixel useless. */
export const VALUE_ARRAYS = ["data", "err", "var_rnoise", "var_poisson", "var_flat"] as const;

/**
 * Make flags and values of a model agree, in place: a pixel that is NaN in one of its value arrays, or flagged DO_NOT_USE, becomes both.
 * The arrays must have been loaded. Arrays of another shape than the data stay as they are.
 */
export function matchInvalid(model: Model): void {
  const found = VALUE_ARRAYS.filter((name) => model.hasArray(name)).map(
    (name) => model.get(name) as NdArray<Float32Array>,
  );
  if (found.length === 0) return;
  const shape = found[0].shape.join();
  const values = found.filter((a) => a.shape.join() === shape).map((a) => a.flat());
  const flags = model.hasArray("dq") ? (model.get("dq") as NdArray<Uint32Array>) : undefined;
  const dq = flags && flags.shape.join() === shape ? flags.flat() : undefined;
  const bad = pixel.DO_NOT_USE;
  const n = values[0].length;
  const invalid = new Uint8Array(n);
  for (const array of values) markNaN(array, invalid);
  if (dq) {
    for (let p = 0; p < n; p++) {
      if (invalid[p] === 1) dq[p] |= bad;
      else if ((dq[p] & bad) !== 0) invalid[p] = 1;
    }
  }
  for (const array of values) blank(array, invalid);
}

function markNaN(values: Float32Array, invalid: Uint8Array): void {
  for (let p = 0; p < values.length; p++) if (Number.isNaN(values[p])) invalid[p] = 1;
}

function blank(values: Float32Array, invalid: Uint8Array): void {
  for (let p = 0; p < values.length; p++) if (invalid[p] === 1) values[p] = Number.NaN;
}
