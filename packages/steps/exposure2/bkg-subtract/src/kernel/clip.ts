/** Below this length an insertion sort is faster than the library's. */
const SHORT = 48;

/** Sort the first n numbers, ascending, in place. */
export function sortValues(values: Float64Array, n: number): void {
  if (n > SHORT) {
    values.subarray(0, n).sort();
    return;
  }
  for (let i = 1; i < n; i++) {
    const v = values[i];
    let j = i - 1;
    while (j >= 0 && values[j] > v) {
      values[j + 1] = values[j];
      j--;
    }
    values[j + 1] = v;
  }
}

/**
 * Limits of a sigma clip about the median, with the standard deviation about the mean (population), repeated until nothing is
 * clipped any more (Akhlaghi & Ichikawa 2015, ApJS 220, 1, section 2, describe the method).
 * @param values - finite numbers, sorted ascending in the first n elements; not modified
 * @param n - number of values; 0 gives limits that clip nothing
 * @param sigma - limit in standard deviations on both sides
 * @param maxiters - most rounds; 0 or less: as many as it takes
 * @param out - receives the lower and the upper limit
 */
export function clipBounds(values: Float64Array, n: number, sigma: number, maxiters: number, out: Float64Array): void {
  out[0] = Number.NEGATIVE_INFINITY;
  out[1] = Number.POSITIVE_INFINITY;
  let first = 0;
  let end = n;
  // What a round clips lies at the two ends of the sorted values.
  for (let round = 1; end > first; round++) {
    const count = end - first;
    let sum = 0;
    for (let i = first; i < end; i++) sum += values[i];
    const mean = sum / count;
    let squares = 0;
    for (let i = first; i < end; i++) squares += (mean - values[i]) * (mean - values[i]);
    const width = sigma * Math.sqrt(squares / count);
    const middle = first + (count >> 1);
    const median = count % 2 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
    out[0] = median - width;
    out[1] = median + width;
    const before = count;
    while (first < end && values[first] < out[0]) first++;
    while (end > first && values[end - 1] > out[1]) end--;
    if (end - first === before || round === maxiters) return;
  }
}
