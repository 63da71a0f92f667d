import { allocate, defineTask, type Executor, type NdArray, splitRange, type Task } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";

/** Pixels per piece of work. */
const PIECE = 1 << 18;

/** What spreads the work. */
export interface MatchEnvironment {
  executor: Executor;
  signal?: AbortSignal;
}

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
export async function matchInvalid(model: Model, env: MatchEnvironment): Promise<void> {
  markInvalid(model, matching(model), await findInvalid(model, env));
}

/**
 * Flag outliers of a model DO_NOT_USE and OUTLIER and make values and flags agree, as {@link matchInvalid} does. What has not been read
 * yet stays in the file and is changed when it is read.
 * @param loaded - the same exposure with its arrays in memory; it may be changed
 * @param outliers - 1 for an outlier, one element per pixel
 * @returns how many there are
 */
export async function flagOutliers(
  model: Model,
  loaded: Model,
  outliers: Uint8Array,
  env: MatchEnvironment,
): Promise<number> {
  // Asking for the flags makes those of a model that has none.
  for (const m of [model, loaded]) if (!m.hasArray("dq")) m.get("dq");
  const found: number[] = [];
  for (let p = outliers.indexOf(1); p >= 0; p = outliers.indexOf(1, p + 1)) found.push(p);
  const places = Uint32Array.from(found);
  const invalid = await findInvalid(loaded, env);
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
async function findInvalid(model: Model, { executor, signal }: MatchEnvironment): Promise<Int32Array> {
  const { names, hasDq, npix } = matching(model);
  const shared = {
    values: names.map((name) => (model.get(name) as NdArray<Float32Array>).flat()),
    dq: hasDq ? (model.get("dq") as NdArray<Uint32Array>).flat() : null,
    invalid: allocate("int32", (npix + 31) >> 5),
  };
  const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ ...shared, start, end }));
  await executor.run(markPixelsTask, pieces, { signal });
  return shared.invalid;
}

/** Pixels to look at. */
export interface MarkedPixels {
  /** Arrays whose NaN count. */
  values: readonly Float32Array[];
  /** Flags of which DO_NOT_USE counts. */
  dq: Uint32Array | null;
  /** Receives one bit each. */
  invalid: Int32Array;
  /** Pixels [start, end); start is a multiple of 32. */
  start: number;
  end: number;
}

/** Mark the pixels that are NaN in an array or flagged DO_NOT_USE. */
export function markPixels({ values, dq, invalid, start, end }: MarkedPixels): void {
  for (const array of values) markNaN(array, start, end, invalid);
  if (dq) markFlagged(dq, start, end, invalid);
}

/** {@link markPixels} for the executor. */
export const markPixelsTask: Task<MarkedPixels, void> = defineTask(import.meta.url, "markPixels", markPixels);

function markInvalid(model: Model, { names, hasDq }: ReturnType<typeof matching>, invalid: Int32Array): void {
  for (const name of names) model.changeArray(name, (values, start) => blank(values as Float32Array, start, invalid));
  if (hasDq) model.changeArray("dq", (values, start) => flag(values as Uint32Array, start, invalid));
}

function markNaN(values: Float32Array, start: number, end: number, invalid: Int32Array): void {
  for (let p = start; p < end; p++) {
    const v = values[p];
    if (!(v >= 0 || v < 0)) invalid[p >> 5] |= 1 << (p & 31);
  }
}

function markFlagged(dq: Uint32Array, start: number, end: number, invalid: Int32Array): void {
  for (let p = start; p < end; p++) if ((dq[p] & pixel.DO_NOT_USE) !== 0) invalid[p >> 5] |= 1 << (p & 31);
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
