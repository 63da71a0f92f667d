import { median32, median64 } from "@calwebb/stats";

/**
 * Median of the first n elements, which are reordered: the mean of the middle two when n is even (rounded like the array's
 * type); NaN when n is 0 or any element is NaN.
 */
export function median(a: Float32Array | Float64Array, n: number = a.length): number {
  if (n === 0) return Number.NaN;
  for (let i = 0; i < n; i++) if (Number.isNaN(a[i])) return Number.NaN;
  return a instanceof Float32Array ? median32(a, n) : median64(a, n);
}

/**
 * Mean after clipping at 3 standard deviations from the median, at most 5 times; values that are not finite are left out.
 * @returns NaN when nothing is left
 */
export function clippedMean(values: Float64Array, count: number): number {
  let n = 0;
  for (let i = 0; i < count; i++) if (Number.isFinite(values[i])) values[n++] = values[i];
  for (let pass = 0; pass < 5 && n > 0; pass++) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i];
    const mean = sum / n;
    let square = 0;
    for (let i = 0; i < n; i++) square += (values[i] - mean) ** 2;
    const limit = 3 * Math.sqrt(square / n);
    const centre = median(values, n);
    let kept = 0;
    for (let i = 0; i < n; i++) {
      const v = values[i];
      if (v >= centre - limit && v <= centre + limit) values[kept++] = v;
    }
    if (kept === n) break;
    n = kept;
  }
  if (n === 0) return Number.NaN;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i];
  return sum / n;
}
