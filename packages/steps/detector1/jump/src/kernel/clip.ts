import { medianOfSorted, sortFirst } from "./sort.js";

/** Rounds of clipping. */
const ROUNDS = 5;

/**
 * Limits outside of which values are outliers: median +- width standard deviations, repeated without the outliers until
 * nothing changes or nothing is left, or five times.
 * @param values - finite values in the first n elements; sorted in place
 * @returns the limits; NaN when there are no values
 */
export function clipLimits(values: Float64Array, n: number, width: number): [number, number] {
  if (n === 0) return [Number.NaN, Number.NaN];
  sortFirst(values, n);
  let first = 0;
  let end = n;
  let low = Number.NaN;
  let high = Number.NaN;
  for (let round = 0; round < ROUNDS; round++) {
    const count = end - first;
    const kept = first === 0 ? values : values.subarray(first);
    const centre = medianOfSorted(kept, count);
    let mean = 0;
    for (let i = 0; i < count; i++) mean += kept[i];
    mean /= count;
    let squares = 0;
    for (let i = 0; i < count; i++) squares += (mean - kept[i]) ** 2;
    const std = Math.sqrt(squares / count);
    low = centre - width * std;
    high = centre + width * std;
    const before = count;
    while (first < end && values[first] < low) first++;
    while (end > first && values[end - 1] > high) end--;
    if (end - first === before || end === first) break;
  }
  return [low, high];
}
