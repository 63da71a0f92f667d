import type { NdArray } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";

const OUTLIER = pixel.DO_NOT_USE | pixel.OUTLIER;

/** Arrays whose NaN make a pixel useless. */
export const VALUE_ARRAYS = ["data", "err", "var_rnoise", "var_poisson", "var_flat"] as const;

/** Arrays that have the shape of the data, by name, and that shape. */
function matching(model: Model): { names: string[]; hasDq: boolean; npix: number } {
  const shape = model.shape?.join();
  const fits = (name: string): boolean => model.hasArray(name) && arrayShape(model, name) === shape;
  return {
    names: VALUE_ARRAYS.filter(fits),
    hasDq: fits("dq"),
    npix: model.shape?.reduce((a, b) => a * b, 1) ?? 0,
  };
}

const arrayShape = (model: Model, name: string): string => (model.get(name) as NdArray).shape.join();

/**
 * Make flags and values of a model agree, in place: a pixel that is NaN in one of its value arrays, or flagged DO_NOT_USE, becomes both.
 * The arrays must have been loaded. Arrays of another shape than the data stay as they are.
 */
export function matchInvalid(model: Model): void {
  markInvalid(model, matching(model), findInvalid(model));
}

/**
 * Flag outliers of a model DO_NOT_USE and OUTLIER and make values and flags agree, as {@link matchInvalid} does. What has not been read
 * yet stays in the file and is changed when it is read.
 * @param loaded - the same exposure with its arrays in memory; it may be changed
 * @param outliers - 1 for an outlier, one element per pixel
 * @returns how many there are
 */
export function flagOutliers(model: Model, loaded: Model, outliers: Uint8Array): number {
  // Asking for the flags makes those of a model that has none.
  for (const m of [model, loaded]) if (!m.hasArray("dq")) m.get("dq");
  const found: number[] = [];
  for (let p = outliers.indexOf(1); p >= 0; p = outliers.indexOf(1, p + 1)) found.push(p);
  const places = Uint32Array.from(found);
  const invalid = findInvalid(loaded);
  for (const p of places) invalid[p >> 5] |= 1 << (p & 31);
  const arrays = matching(loaded);
  model.changeArray("dq", (dq, start) => {
    for (const p of places) {
      const k = p - start;
      if (k >= 0 && k < dq.length) dq[k] = (Number(dq[k]) | OUTLIER) >>> 0;
    }
  });
  markInvalid(model, arrays, invalid);
  return places.length;
}

/** Pixels that are NaN or DO_NOT_USE, one bit each, 32 in a word. */
function findInvalid(model: Model): Int32Array {
  const { names, hasDq, npix } = matching(model);
  const invalid = new Int32Array((npix + 31) >> 5);
  for (const name of names) markNaN((model.get(name) as NdArray<Float32Array>).flat(), invalid);
  if (hasDq) markFlagged((model.get("dq") as NdArray<Uint32Array>).flat(), invalid);
  return invalid;
}

function markInvalid(model: Model, { names, hasDq }: ReturnType<typeof matching>, invalid: Int32Array): void {
  for (const name of names) model.changeArray(name, (values, start) => blank(values as Float32Array, start, invalid));
  if (hasDq) model.changeArray("dq", (values, start) => flag(values as Uint32Array, start, invalid));
}

function markNaN(values: Float32Array, invalid: Int32Array): void {
  for (let p = 0; p < values.length; p++) {
    const v = values[p];
    if (!(v >= 0 || v < 0)) invalid[p >> 5] |= 1 << (p & 31);
  }
}

function markFlagged(dq: Uint32Array, invalid: Int32Array): void {
  for (let p = 0; p < dq.length; p++) if ((dq[p] & pixel.DO_NOT_USE) !== 0) invalid[p >> 5] |= 1 << (p & 31);
}

function blank(values: Float32Array, start: number, invalid: Int32Array): void {
  for (let p = nextOf(invalid, start); p < start + values.length; p = nextOf(invalid, p + 1))
    values[p - start] = Number.NaN;
}

function flag(dq: Uint32Array, start: number, invalid: Int32Array): void {
  for (let p = nextOf(invalid, start); p < start + dq.length; p = nextOf(invalid, p + 1))
    dq[p - start] |= pixel.DO_NOT_USE;
}

/** First set bit from `p` on; beyond the last one there is none. */
function nextOf(bits: Int32Array, p: number): number {
  let word = p >> 5;
  if (word >= bits.length) return Number.POSITIVE_INFINITY;
  let rest = bits[word] & (-1 << (p & 31));
  while (rest === 0) {
    if (++word === bits.length) return Number.POSITIVE_INFINITY;
    rest = bits[word];
  }
  return 32 * word + 31 - Math.clz32(rest & -rest);
}
