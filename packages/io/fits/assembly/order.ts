// Byte order of FITS for a run of bytes. The caller lays out the memory; offsets and sizes are in bytes, runs are multiples of 16.

/** Half the range of an element of `size` bytes in every lane: adding it makes stored signed integers unsigned, and back. */
function halves(size: i32): v128 {
  if (size === 1) return i8x16.splat(-128);
  if (size === 2) return i16x8.splat(-32768);
  if (size === 4) return i32x4.splat(i32.MIN_VALUE);
  return i64x2.splat(i64.MIN_VALUE);
}

/** Where every byte comes from when the bytes of elements of `size` bytes are reversed. */
function reversal(size: i32): v128 {
  if (size === 1) return i8x16(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
  if (size === 2) return i8x16(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
  if (size === 4) return i8x16(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
  return i8x16(7, 6, 5, 4, 3, 2, 1, 0, 15, 14, 13, 12, 11, 10, 9, 8);
}

/**
 * Reverse the bytes of every element, in place.
 * @param size - bytes of an element: 1, 2, 4 or 8
 * @param flip - 1: stored values become native ones and are offset by half their range; 2: the reverse; 0: no offset
 */
export function swap(at: usize, length: i32, size: i32, flip: i32): void {
  const from = reversal(size);
  const none = i32x4.splat(0);
  const before = flip === 2 ? halves(size) : none;
  const after = flip === 1 ? halves(size) : none;
  const end = at + <usize>length;
  for (let p = at; p < end; p += 16)
    v128.store(p, v128.xor(i8x16.swizzle(v128.xor(v128.load(p), before), from), after));
}

/**
 * Unsigned 16-bit integers, stored as big-endian signed ones, as float32.
 * @param length - bytes of the integers
 */
export function widen(at: usize, out: usize, length: i32): void {
  const from = reversal(2);
  const half = halves(2);
  const end = at + <usize>length;
  for (let p = at, o = out; p < end; p += 16, o += 32) {
    const words = v128.xor(i8x16.swizzle(v128.load(p), from), half);
    v128.store(o, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(words)));
    v128.store(o, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(words)), 16);
  }
}
