/**
 * Sort float32 values ascending, by their bits in three passes; NaN must not be among them.
 * @returns a new array
 */
export function sortFloat32(values: Float32Array): Float32Array {
  const n = values.length;
  if (n < 2048) return values.slice().sort();
  const keys = new Uint32Array(n);
  const bits = new Uint32Array(values.buffer, values.byteOffset, n);
  // Negative numbers sort in reverse of their bits, and before the positive ones.
  for (let i = 0; i < n; i++) keys[i] = bits[i] >>> 31 !== 0 ? ~bits[i] : bits[i] | 0x80000000;
  const other = new Uint32Array(n);
  radixPass(keys, other, 0);
  radixPass(other, keys, 11);
  radixPass(keys, other, 22);
  const out = new Float32Array(n);
  const outBits = new Uint32Array(out.buffer);
  for (let i = 0; i < n; i++) outBits[i] = other[i] >>> 31 !== 0 ? other[i] & 0x7fffffff : ~other[i];
  return out;
}

function radixPass(from: Uint32Array, to: Uint32Array, shift: number): void {
  const starts = new Uint32Array(2048);
  for (let i = 0; i < from.length; i++) starts[(from[i] >>> shift) & 2047]++;
  let sum = 0;
  for (let b = 0; b < 2048; b++) {
    const count = starts[b];
    starts[b] = sum;
    sum += count;
  }
  for (let i = 0; i < from.length; i++) to[starts[(from[i] >>> shift) & 2047]++] = from[i];
}

/** The k-th smallest of the first n values; reorders them so that smaller ones come before it. None may be NaN. */
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

/** Median of the first n float32 values, the mean of the middle two rounded as float32; reorders them; NaN for none. */
export function median32(a: Float32Array, n: number): number {
  if (n === 0) return Number.NaN;
  const h = n >> 1;
  const upper = select(a, n, h);
  if (n % 2 === 1) return upper;
  let lower = a[0];
  for (let i = 1; i < h; i++) if (a[i] > lower) lower = a[i];
  return Math.fround(Math.fround(lower + upper) / 2);
}
