// Clipped statistics of the pixels of a box; src/box.ts does the same without WASM. Memory is laid out by the caller; offsets are in bytes.

/** Rounds of clipping. */
const ROUNDS: i32 = 5;

let level: f64 = 0;
let noise: f64 = 0;

/** Median of the values that clipping kept, and their standard deviation. */
export function foundLevel(): f64 {
  return level;
}
export function foundNoise(): f64 {
  return noise;
}

/** Append the usable ones of n values to `out`: finite, and 0 in the mask. @returns the end of what is there now */
export function gather(data: usize, mask: usize, n: i32, out: usize): usize {
  for (let i: usize = 0; i < <usize>n; i++) {
    const v = load<f32>(data + (i << 2));
    store<f32>(out, v);
    out += (<usize>(load<u8>(mask + i) === 0 && v - v === 0.0)) << 2;
  }
  return out;
}

function count(at: usize): void {
  store<u32>(at, load<u32>(at) + 1);
}

/** Counts become the places where the values of each digit begin. */
function begin(counts: usize, to: usize): void {
  for (let at = counts; at < counts + 8192; at += 4) {
    const n = <usize>load<u32>(at);
    store<u32>(at, <u32>to);
    to += n << 2;
  }
}

function pass(from: usize, n: i32, counts: usize, shift: u32): void {
  for (let p = from; p < from + ((<usize>n) << 2); p += 4) {
    const key = load<u32>(p);
    const at = counts + <usize>(((key >>> shift) & 2047) << 2);
    const to = load<u32>(at);
    store<u32>(at, to + 4);
    store<u32>(<usize>to, key);
  }
}

/** Sort n float32 values ascending; they end up at `other`. @param low - room for the counts of three digits, 8192 bytes each */
function sort(values: usize, other: usize, n: i32, low: usize): void {
  const middle = low + 8192;
  const high = middle + 8192;
  memory.fill(low, 0, 3 * 8192);
  const end = values + ((<usize>n) << 2);
  for (let p = values; p < end; p += 4) {
    const bits = load<u32>(p);
    // Negative numbers sort in reverse of their bits, and before the positive ones.
    const key = bits ^ (<u32>(<i32>bits >> 31) | 0x80000000);
    store<u32>(p, key);
    count(low + <usize>((key & 2047) << 2));
    count(middle + <usize>(((key >>> 11) & 2047) << 2));
    count(high + <usize>((key >>> 22) << 2));
  }
  begin(low, other);
  begin(middle, values);
  begin(high, other);
  pass(values, n, low, 0);
  pass(other, n, middle, 11);
  pass(values, n, high, 22);
  for (let p = other; p < other + ((<usize>n) << 2); p += 4) {
    const key = load<u32>(p);
    store<u32>(p, key ^ (<u32>(<i32>~key >> 31) | 0x80000000));
  }
}

/** Standard deviation of sorted values; sums from the least on. */
function deviation(first: usize, end: usize): f64 {
  let sum: f64 = 0;
  for (let p = first; p < end; p += 4) sum += <f64>load<f32>(p);
  const n = <f64>((end - first) >> 2);
  const mean = sum / n;
  let squares: f64 = 0;
  for (let p = first; p < end; p += 4) {
    const d = <f64>load<f32>(p) - mean;
    squares += d * d;
  }
  return Math.sqrt(squares / n);
}

function middle(first: usize, end: usize): f64 {
  const n = (end - first) >> 2;
  const h = first + ((n >> 1) << 2);
  if ((n & 1) !== 0) return <f64>load<f32>(h);
  return (<f64>load<f32>(h - 4) + <f64>load<f32>(h)) / 2;
}

/**
 * Clip n values at `sigma` standard deviations around their median, in up to five rounds.
 * @param values - changed
 * @param other - room for as many
 * @param counts - room for 24576 bytes
 * @returns how many are left
 */
export function clip(values: usize, other: usize, counts: usize, n: i32, sigma: f64): i32 {
  sort(values, other, n, counts);
  let first = other;
  let end = other + ((<usize>n) << 2);
  for (let round = 0; round < ROUNDS && end > first; round++) {
    const centre = middle(first, end);
    const width = sigma * deviation(first, end);
    const length = end - first;
    while (first < end && <f64>load<f32>(first) < centre - width) first += 4;
    while (end > first && <f64>load<f32>(end - 4) > centre + width) end -= 4;
    if (end - first === length) break;
  }
  if (end > first) {
    level = middle(first, end);
    noise = deviation(first, end);
  }
  return <i32>((end - first) >> 2);
}
