/**
 * The k-th smallest of the first n values (Hoare 1961); reorders them so that smaller ones come before it, larger ones after it. None
 * may be NaN.
 */
export function select(a: Float32Array | Float64Array, n: number, k: number): number {
  let low = 0;
  let high = n - 1;
  while (high > low) {
    const pivot = a[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (a[i] < pivot) i++;
      while (a[j] > pivot) j--;
      if (i > j) break;
      const t = a[i];
      a[i++] = a[j];
      a[j--] = t;
    }
    if (k <= j) high = j;
    else if (k >= i) low = i;
    else return a[k];
  }
  return a[k];
}

/** The largest of the first n values. */
export function largest(a: Float32Array | Float64Array, n: number): number {
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < n; i++) if (a[i] > most) most = a[i];
  return most;
}

/** Median of the first n float32 values, the mean of the middle two rounded as float32; reorders them; NaN for none. */
export function median32(a: Float32Array, n: number): number {
  if (n === 0) return Number.NaN;
  const upper = select(a, n, n >> 1);
  return n % 2 === 1 ? upper : Math.fround(Math.fround(largest(a, n >> 1) + upper) / 2);
}

/** Median of the first n values, which are reordered; none may be NaN; NaN for n = 0. */
export function median64(a: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  const upper = select(a, n, n >> 1);
  return n % 2 === 1 ? upper : (largest(a, n >> 1) + upper) / 2;
}
