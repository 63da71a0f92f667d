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
  for (let i = 0; i < n; i++) keys[i] = other[i] >>> 31 !== 0 ? other[i] & 0x7fffffff : ~other[i];
  return new Float32Array(keys.buffer);
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
