// The passes of src/levels.ts, four pixels at a time and rounded alike. Offsets are in bytes.

/**
 * Subtract levels from values in place; where a level is NaN the value stays.
 * @param data - f32 values; @param level - f32 levels
 * @param n - how many, a multiple of 16
 */
export function subtract(data: usize, level: usize, n: i32): void {
  const end = data + ((<usize>n) << 2);
  while (data < end) {
    one(data, level);
    one(data + 16, level + 16);
    one(data + 32, level + 32);
    one(data + 48, level + 48);
    data += 64;
    level += 64;
  }
}

/** The same, but values of exactly 0 stay too. */
export function subtractKeepingZero(data: usize, level: usize, n: i32): void {
  const end = data + ((<usize>n) << 2);
  for (; data < end; data += 16, level += 16) {
    const d = v128.load(data);
    const b = v128.load(level);
    const change = v128.and(f32x4.eq(b, b), f32x4.ne(d, f32x4.splat(0)));
    v128.store(data, v128.bitselect(f32x4.sub(d, b), d, change));
  }
}

/** OR words into others in place; n is a multiple of 16. */
export function addWords(into: usize, words: usize, n: i32): void {
  const end = into + ((<usize>n) << 2);
  for (; into < end; into += 16, words += 16) v128.store(into, v128.or(v128.load(into), v128.load(words)));
}

function one(data: usize, level: usize): void {
  const d = v128.load(data);
  const b = v128.load(level);
  v128.store(data, v128.bitselect(f32x4.sub(d, b), d, f32x4.eq(b, b)));
}
