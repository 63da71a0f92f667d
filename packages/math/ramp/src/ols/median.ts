import { median64 } from "@calwebb/stats";

const INSERTION_UP_TO = 32;

function insertionSort(a: Float64Array, n: number): void {
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

/**
 * Median of the first `n` values, which are reordered; the mean of the middle two when `n` is even. No NaN among them.
 * @returns NaN for n = 0
 */
export function medianInPlace(a: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  if (n > INSERTION_UP_TO) return median64(a, n);
  insertionSort(a, n);
  const mid = n >> 1;
  return n & 1 ? a[mid] : (a[mid] + a[mid - 1]) / 2;
}
