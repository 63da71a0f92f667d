/** Mean, median and standard deviation of what clipping keeps. */
export interface Statistics {
  mean: number;
  median: number;
  std: number;
}

/** Rounds of clipping. */
const ROUNDS = 5;

// One class of array in the loops: they run several times slower when they meet two.
function moments(a: Float64Array, first: number, end: number): { mean: number; std: number } {
  let sum = 0;
  for (let i = first; i < end; i++) sum += a[i];
  const mean = sum / (end - first);
  let squares = 0;
  for (let i = first; i < end; i++) squares += (a[i] - mean) * (a[i] - mean);
  return { mean, std: Math.sqrt(squares / (end - first)) };
}

function middle(a: Float64Array, first: number, end: number): number {
  const h = first + ((end - first) >> 1);
  return (end - first) % 2 === 1 ? a[h] : (a[h - 1] + a[h]) / 2;
}

/** Range [first, end) of sorted values that clipping at `sigma` standard deviations from the median keeps, in up to five rounds. */
export function clippedRange(a: Float64Array, first: number, end: number, sigma: number): [number, number] {
  for (let round = 0; round < ROUNDS && end > first; round++) {
    const centre = middle(a, first, end);
    const width = sigma * moments(a, first, end).std;
    const count = end - first;
    while (first < end && a[first] < centre - width) first++;
    while (end > first && a[end - 1] > centre + width) end--;
    if (end - first === count) break;
  }
  return [first, end];
}

/** Statistics of sorted finite values after clipping; NaN when there are none. */
export function clippedStatistics(sorted: ArrayLike<number>, sigma: number): Statistics {
  const a =
    sorted instanceof Float64Array
      ? sorted
      : sorted instanceof Float32Array
        ? new Float64Array(sorted)
        : Float64Array.from(sorted);
  const [first, end] = clippedRange(a, 0, a.length, sigma);
  if (end <= first) return { mean: Number.NaN, median: Number.NaN, std: Number.NaN };
  return { ...moments(a, first, end), median: middle(a, first, end) };
}
