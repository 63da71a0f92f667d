import { copyValid, medianOfSorted, sortFirst } from "./sort.js";

/** Thresholds [sigma] by the number of usable differences. */
export interface Thresholds {
  threshold: number;
  thresholdThree: number;
  thresholdTwo: number;
}

/** Threshold for n usable differences; infinite when there are too few. */
export function thresholdFor(t: Thresholds, n: number): number {
  return n >= 4 ? t.threshold : n === 3 ? t.thresholdThree : n === 2 ? t.thresholdTwo : Number.POSITIVE_INFINITY;
}

/**
 * Level of a ramp from its absolute differences: the median without the largest of four or more, the median of three, the
 * smaller of two.
 */
function level(sorted: Float64Array, n: number): number {
  if (n === 3) return sorted[1];
  if (n === 2) return sorted[0];
  let m = n;
  while (m > 0 && sorted[m - 1] === sorted[n - 1]) m--;
  return medianOfSorted(sorted, m);
}

/**
 * Find the jumps of one ramp one after the other: the most deviant difference above the threshold is marked and left out,
 * then the rest is judged again. Anderson & Gordon, PASP 123, 1237 (2011).
 * @param differences - absolute first differences [e-], float32 numbers; NaN where unusable, and where a jump was found
 * @param length - number of differences
 * @param noise - variance of a difference due to read noise [e-^2]
 * @param marks - set to 1 at jumps
 * @param sorted - scratch, at least `length` values
 * @returns whether there is a jump
 */
export function findJumps(
  differences: Float64Array,
  length: number,
  noise: number,
  thresholds: Thresholds,
  marks: Uint8Array,
  sorted: Float64Array,
): boolean {
  let n = copyValid(differences, length, sorted);
  sortFirst(sorted, n);
  let found = false;
  for (;;) {
    const limit = thresholdFor(thresholds, n);
    if (n < 2) return found;
    // After the first round the reference implementation keeps the level in float32.
    const median = found ? Math.fround(level(sorted, n)) : level(sorted, n);
    const sigma = Math.sqrt(Math.abs(median) + noise);
    if (!(sigma > 0)) return found;
    let worst = -1;
    for (let i = 0; i < n; i++) {
      const e = Math.abs(Math.fround(sorted[i] - median));
      if (e > worst) worst = e;
    }
    if (!(worst / sigma > limit)) return found;
    found = true;
    for (let i = 0; i < length; i++)
      if (Math.abs(Math.fround(differences[i] - median)) === worst) {
        marks[i] = 1;
        differences[i] = Number.NaN;
      }
    let kept = 0;
    for (let i = 0; i < n; i++) if (Math.abs(Math.fround(sorted[i] - median)) !== worst) sorted[kept++] = sorted[i];
    n = kept;
  }
}
