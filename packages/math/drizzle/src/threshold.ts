import { largest, select } from "@calwebb/stats";

/** Standard deviations that clipping allows, and how often it repeats. */
const SIGMA = 3;
const ITERATIONS = 5;

/** The mean of the middle two in float64. */
function median(a: Float32Array, n: number): number {
  const upper = select(a, n, n >> 1);
  return n % 2 === 1 ? upper : (largest(a, n >> 1) + upper) / 2;
}

/**
 * Weight below which pixels are not trusted: `fraction` of the mean of the finite weights that are not zero, after clipping at three
 * standard deviations from the median, up to five times.
 * @returns NaN without such weights
 */
export function weightThreshold(weights: Float32Array, fraction: number): number {
  const kept = new Float32Array(weights.length);
  let n = 0;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let p = 0; p < weights.length; p++) {
    const w = weights[p];
    if (w === 0 || w - w !== 0) continue;
    kept[n++] = w;
    if (w < low) low = w;
    if (w > high) high = w;
  }
  if (n === 0) return Number.NaN;
  if (low === high) return low * fraction;
  for (let round = 0; round < ITERATIONS; round++) {
    const mean = average(kept, n);
    let square = 0;
    for (let i = 0; i < n; i++) square += (kept[i] - mean) ** 2;
    const width = SIGMA * Math.sqrt(square / n);
    const middle = median(kept, n);
    let m = 0;
    for (let i = 0; i < n; i++) {
      const w = kept[i];
      if (w >= middle - width && w <= middle + width) kept[m++] = w;
    }
    if (m === n) break;
    n = m;
  }
  return average(kept, n) * fraction;
}

function average(a: Float32Array, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += a[i];
  return sum / n;
}
