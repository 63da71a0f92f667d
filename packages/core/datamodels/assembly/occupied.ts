/**
 * Where the next word is that is not 0.
 * @param from - where to look from, in bytes, a multiple of 4
 * @param end - where to end; the 16 bytes from there may be read and are 0
 * @returns position in bytes, or `end`
 */
export function occupied(from: usize, end: usize): usize {
  for (let p = from; p < end; p += 16) {
    const words = v128.load(p);
    if (!v128.any_true(words)) continue;
    return p + ((<usize>ctz(i32x4.bitmask(i32x4.ne(words, i32x4.splat(0))))) << 2);
  }
  return end;
}
