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

/** Samples of at least so many values are counted rather than reordered. */
const MANY = 1 << 15;

/** Median of the first n float32 values, the mean of the middle two rounded as float32; may reorder them; none may be NaN; NaN for none. */
export function median32(a: Float32Array, n: number): number {
  const [lower, upper] = middle32(a, n);
  return n % 2 === 1 ? upper : Math.fround(Math.fround(lower + upper) / 2);
}

/** The middle two of the first n float32 values, twice the middle one of an odd number; else like {@link median32}. */
export function middle32(a: Float32Array, n: number): [lower: number, upper: number] {
  if (n === 0) return [Number.NaN, Number.NaN];
  if (n >= MANY) return countedMiddle(new Int32Array(a.buffer, a.byteOffset, n));
  const upper = select(a, n, n >> 1);
  return [n % 2 === 1 ? upper : largest(a, n >> 1), upper];
}

/** The middle values of many, from their bits, by counting them digit by digit in passes that only read. */
function countedMiddle(bits: Int32Array): [lower: number, upper: number] {
  const n = bits.length;
  const counts = new Int32Array(1 << 11);
  let key = 0;
  let left = n >> 1;
  // Digits of 11, 11 and 10 bits from the top.
  for (const [shift, width] of [
    [21, 11],
    [10, 11],
    [0, 10],
  ]) {
    counts.fill(0);
    if (shift === 21) countTop(bits, counts);
    else countDigit(bits, counts, key >> (shift + width), shift + width, shift, (1 << width) - 1);
    let digit = 0;
    while (left >= counts[digit]) left -= counts[digit++];
    key |= digit << shift;
  }
  // Where others equal to the upper value come before it, the lower one is the same.
  const lower = n % 2 === 1 || left > 0 ? key : before(bits, key);
  return [floatOf(lower), floatOf(key)];
}

/** The value of a key. */
function floatOf(key: number): number {
  const bits = Int32Array.of(key < 0 ? key & 0x7fffffff : ~key);
  return new Float32Array(bits.buffer)[0];
}

/** The largest key before `key`; keys count as unsigned numbers. */
function before(bits: Int32Array, key: number): number {
  let most = 0;
  for (let i = 0; i < bits.length; i++) {
    const b = bits[i];
    const k = (b ^ ((b >> 31) | 0x80000000)) >>> 0;
    if (k < key >>> 0 && k > most) most = k;
  }
  return most | 0;
}

/** Keys that sort as the values do: negative numbers sort in reverse of their bits, and before the positive ones. */
function countTop(bits: Int32Array, counts: Int32Array): void {
  for (let i = 0; i < bits.length; i++) {
    const b = bits[i];
    counts[(b ^ ((b >> 31) | 0x80000000)) >>> 21]++;
  }
}

function countDigit(
  bits: Int32Array,
  counts: Int32Array,
  known: number,
  from: number,
  shift: number,
  digit: number,
): void {
  for (let i = 0; i < bits.length; i++) {
    const b = bits[i];
    const key = b ^ ((b >> 31) | 0x80000000);
    if (key >> from === known) counts[(key >>> shift) & digit]++;
  }
}

/** Median of the first n values, which are reordered; none may be NaN; NaN for n = 0. */
export function median64(a: Float64Array, n: number): number {
  if (n === 0) return Number.NaN;
  const upper = select(a, n, n >> 1);
  return n % 2 === 1 ? upper : (largest(a, n >> 1) + upper) / 2;
}
