import { pairwiseSum, pairwiseSum32 } from "./pairwise.js";

/**
 * Mean after repeatedly leaving out what lies more than `low` / `high` standard deviations below / above the mean, until
 * nothing is left out any more (as `scipy.stats.sigmaclip`, then `mean`).
 * @param values - the sample in its first n elements; reordered and overwritten
 * @param n - number of values
 * @param single - compute in float32, as numpy does for float32 samples; the values must then be float32 numbers
 * @param scratch - at least n elements
 * @returns NaN when there are no values, or one of them is not finite
 */
export function clippedMean(
  values: Float64Array,
  n: number,
  low: number,
  high: number,
  single: boolean,
  scratch: Float64Array,
): number {
  if (n === 0) return Number.NaN;
  if (allEqual(values, n)) return values[0];
  let count = n;
  for (;;) {
    const mean = single ? mean32(values, count) : pairwiseSum(values, 0, count) / count;
    const std = single ? std32(values, count, mean, scratch) : std64(values, count, mean, scratch);
    const f = single ? Math.fround : identity;
    const lower = f(mean - f(std * f(low)));
    const upper = f(mean + f(std * f(high)));
    let kept = 0;
    for (let i = 0; i < count; i++) {
      const v = values[i];
      if (v >= lower && v <= upper) values[kept++] = v;
    }
    if (kept === count) return mean;
    count = kept;
    if (count === 0) return Number.NaN;
  }
}

const identity = (x: number): number => x;

/** All the same finite value. */
function allEqual(values: Float64Array, n: number): boolean {
  const first = values[0];
  if (!Number.isFinite(first)) return false;
  for (let i = 1; i < n; i++) if (values[i] !== first) return false;
  return true;
}

function mean32(values: Float64Array, n: number): number {
  return Math.fround(pairwiseSum32(values, 0, n) / n);
}

function std32(values: Float64Array, n: number, mean: number, scratch: Float64Array): number {
  const f = Math.fround;
  for (let i = 0; i < n; i++) {
    const d = f(values[i] - mean);
    scratch[i] = f(d * d);
  }
  return f(Math.sqrt(f(pairwiseSum32(scratch, 0, n) / n)));
}

function std64(values: Float64Array, n: number, mean: number, scratch: Float64Array): number {
  for (let i = 0; i < n; i++) {
    const d = values[i] - mean;
    scratch[i] = d * d;
  }
  return Math.sqrt(pairwiseSum(scratch, 0, n) / n);
}
