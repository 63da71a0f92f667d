/** Sort the first n values ascending, in place; none may be NaN. */
export function sortFirst(a: Float64Array, n: number): void {
  if (n > 64) {
    a.subarray(0, n).sort();
    return;
  }
  for (let i = 1; i < n; i++) {
    const v = a[i];
    let j = i - 1;
    while (j >= 0 && a[j] > v) {
      a[j + 1] = a[j];
      j--;
    }
    a[j + 1] = v;
  }
}

/** Median of the first n sorted values; NaN when there are none. */
export function medianOfSorted(a: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  const h = n >> 1;
  return n % 2 === 1 ? a[h] : (a[h - 1] + a[h]) / 2;
}

/** Copy what is not NaN of the first `length` values; gives how many. */
export function copyValid(from: Float64Array, length: number, to: Float64Array): number {
  let n = 0;
  for (let i = 0; i < length; i++) {
    const v = from[i];
    if (!Number.isNaN(v)) to[n++] = v;
  }
  return n;
}
