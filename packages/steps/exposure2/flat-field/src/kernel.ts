import { pixel } from "@calwebb/dqflags";

const { DO_NOT_USE, NO_FLAT_FIELD } = pixel;
const f = Math.fround;

/**
 * Make a flat usable, in place: pixels that are NaN, zero or flagged NO_FLAT_FIELD gain DO_NOT_USE (the first two also
 * NO_FLAT_FIELD), and every DO_NOT_USE pixel gets the value 1, so that it changes nothing.
 */
export function cleanFlat(data: Float32Array, dq: Uint32Array): void {
  for (let i = 0; i < data.length; i++) {
    const v = data[i];
    if (Number.isNaN(v) || v === 0) dq[i] |= NO_FLAT_FIELD | DO_NOT_USE;
    if ((dq[i] & NO_FLAT_FIELD) !== 0) dq[i] |= DO_NOT_USE;
    if ((dq[i] & DO_NOT_USE) !== 0) data[i] = 1;
  }
}

/** Divide (or, with `inverse`, multiply) planes of `n` pixels by a flat, in place, float32. */
export function applyFlat(data: Float32Array, flat: Float32Array, inverse: boolean): void {
  const n = flat.length;
  for (let at = 0; at < data.length; at += n)
    if (inverse) for (let i = 0; i < n; i++) data[at + i] *= flat[i];
    else for (let i = 0; i < n; i++) data[at + i] /= flat[i];
}

/** Divide (or multiply) variances by the square of the flat, in place, float32. */
export function scaleVariance(variance: Float32Array, flat: Float32Array, inverse: boolean): void {
  const n = flat.length;
  for (let at = 0; at < variance.length; at += n)
    for (let i = 0; i < n; i++) {
      const square = f(flat[i] * flat[i]);
      variance[at + i] = inverse ? variance[at + i] * square : variance[at + i] / square;
    }
}

/**
 * Variance that the flat's own error adds: (data / flat)^2 * error^2, with `data` already divided by the flat.
 * @param out - same length as `data`
 */
export function flatVariance(data: Float32Array, flat: Float32Array, error: Float32Array, out: Float32Array): void {
  const n = flat.length;
  for (let at = 0; at < data.length; at += n)
    for (let i = 0; i < n; i++) {
      const d = data[at + i];
      out[at + i] = f(f(d * d) / f(flat[i] * flat[i])) * f(error[i] * error[i]);
    }
}

/** Square root of a sum of variances, float32, added in the order given; zero-length variances are left out. */
export function combineErrors(variances: readonly Float32Array[], out: Float32Array): void {
  const [first, ...rest] = variances;
  for (let i = 0; i < out.length; i++) {
    let sum = first[i];
    for (const v of rest) sum = f(sum + v[i]);
    out[i] = Math.sqrt(sum);
  }
}

/** Square every element, float32, into a new array. */
export function squared(values: Float32Array): Float32Array {
  const out = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) out[i] = values[i] * values[i];
  return out;
}

/** OR the flat's DQ into planes of science DQ, in place. */
export function orPlanes(dq: Uint32Array, flatDq: Uint32Array): void {
  const n = flatDq.length;
  for (let at = 0; at < dq.length; at += n) for (let i = 0; i < n; i++) dq[at + i] |= flatDq[i];
}

/**
 * Make data, errors, variances and DQ agree on what is invalid, in place: a pixel that is NaN in any array, or DO_NOT_USE,
 * becomes NaN in all and DO_NOT_USE.
 * @param dq - null where it has another shape
 */
export function matchInvalid(arrays: readonly Float32Array[], dq: Uint32Array | null): void {
  const n = arrays[0]?.length ?? 0;
  const bad = new Uint8Array(n);
  for (const a of arrays) for (let i = 0; i < n; i++) if (Number.isNaN(a[i])) bad[i] = 1;
  if (dq !== null)
    for (let i = 0; i < n; i++) {
      if ((dq[i] & DO_NOT_USE) !== 0) bad[i] = 1;
      if (bad[i] !== 0) dq[i] |= DO_NOT_USE;
    }
  for (const a of arrays) for (let i = 0; i < n; i++) if (bad[i] !== 0) a[i] = Number.NaN;
}
