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

/** Reorder so that a[k] is the k-th smallest, smaller ones before it. */
function select(a: Float64Array, n: number, k: number): void {
  let lo = 0;
  let hi = n - 1;
  while (lo < hi) {
    const pivot = a[(lo + hi) >> 1];
    let i = lo;
    let j = hi;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i <= j) {
        const t = a[i];
        a[i++] = a[j];
        a[j--] = t;
      }
    }
    if (k <= j) hi = j;
    else if (k >= i) lo = i;
    else return;
  }
}

/**
 * Median of the first `n` values, which are reordered; the mean of the middle two when `n` is even. No NaN among them.
 * @returns NaN for n = 0
 */
export function medianInPlace(a: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  const mid = n >> 1;
  if (n <= INSERTION_UP_TO) {
    insertionSort(a, n);
    return n & 1 ? a[mid] : (a[mid] + a[mid - 1]) / 2;
  }
  select(a, n, mid);
  if (n & 1) return a[mid];
  let below = a[0];
  for (let i = 1; i < mid; i++) if (a[i] > below) below = a[i];
  return (a[mid] + below) / 2;
}
