// What a block of rows goes through when saturation is looked for, 16 pixels at a time; src/kernel/plain.ts does the same without WASM. Rows of
// all arrays are `stride` elements apart, with at least `grow` elements of padding before and after. Offsets are in bytes.

const SATURATED: i32 = 2;
/** AD_FLOOR and DO_NOT_USE. */
const FLOOR: i32 = 65;
const NO_SAT_CHECK: i32 = 1 << 21;

function narrow(a: v128, b: v128, c: v128, d: v128): v128 {
  return i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d));
}

/** Put thresholds out of reach (`limit`) where they are NaN or the flags (u32) say that there is no check; n is a multiple of 4. */
export function prepare(threshold: usize, flags: usize, n: i32, limit: f32): void {
  const far = f32x4.splat(limit);
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) {
    const t = v128.load(threshold + i);
    const unflagged = i32x4.eq(v128.and(v128.load(flags + i), i32x4.splat(NO_SAT_CHECK)), i32x4.splat(0));
    v128.store(threshold + i, v128.bitselect(t, far, v128.and(unflagged, f32x4.eq(t, t))));
  }
}

/**
 * Mark pixels at or above their threshold (marks stay), flag those at or below 0 with FLOOR.
 * @param row - receives for each row whether a pixel is marked
 * @returns whether a pixel that is not marked has the flag SATURATED
 */
export function inspect(
  values: usize,
  threshold: usize,
  marks: usize,
  flags: usize,
  row: usize,
  stride: i32,
  width: i32,
  rows: i32,
): i32 {
  const zero = f32x4.splat(0);
  const floor = i8x16.splat(<i8>FLOOR);
  let other = i8x16.splat(0);
  for (let r = 0; r < rows; r++) {
    let any = i8x16.splat(0);
    for (let x = 0; x < width; x += 16) {
      const at = <usize>(r * stride + x);
      const v = values + (at << 2);
      const t = threshold + (at << 2);
      const a = v128.load(v);
      const b = v128.load(v, 16);
      const c = v128.load(v, 32);
      const d = v128.load(v, 48);
      const over = narrow(
        f32x4.ge(a, v128.load(t)),
        f32x4.ge(b, v128.load(t, 16)),
        f32x4.ge(c, v128.load(t, 32)),
        f32x4.ge(d, v128.load(t, 48)),
      );
      const m = v128.or(v128.load(marks + at), over);
      v128.store(marks + at, m);
      any = v128.or(any, m);
      const q = v128.load(flags + at);
      other = v128.or(other, v128.andnot(q, m));
      const low = narrow(f32x4.le(a, zero), f32x4.le(b, zero), f32x4.le(c, zero), f32x4.le(d, zero));
      v128.store(flags + at, v128.or(q, v128.and(low, floor)));
    }
    store<u8>(row + <usize>r, v128.any_true(any) ? 1 : 0);
  }
  return v128.any_true(v128.and(other, i8x16.splat(<i8>SATURATED))) ? 1 : 0;
}

/** Marks of `marks` and of the pixels flagged SATURATED. */
export function unite(out: usize, marks: usize, flags: usize, row: usize, stride: i32, width: i32, rows: i32): void {
  const saturated = i8x16.splat(<i8>SATURATED);
  for (let r = 0; r < rows; r++) {
    let any = i8x16.splat(0);
    for (let x = 0; x < width; x += 16) {
      const at = <usize>(r * stride + x);
      const m = v128.or(v128.load(marks + at), v128.and(v128.load(flags + at), saturated));
      v128.store(out + at, m);
      any = v128.or(any, m);
    }
    store<u8>(row + <usize>r, v128.any_true(any) ? 1 : 0);
  }
}

/**
 * Mark pixels that are SATURATED in the next plane and have none of the flags `not` in this one.
 * @returns whether there is any
 */
export function follow(
  out: usize,
  flags: usize,
  next: usize,
  not: i32,
  row: usize,
  stride: i32,
  width: i32,
  rows: i32,
): i32 {
  const saturated = i8x16.splat(<i8>SATURATED);
  const bad = i8x16.splat(<i8>not);
  const zero = i8x16.splat(0);
  let found = 0;
  for (let r = 0; r < rows; r++) {
    let any = zero;
    for (let x = 0; x < width; x += 16) {
      const at = <usize>(r * stride + x);
      const then = i8x16.ne(v128.and(v128.load(next + at), saturated), zero);
      const m = v128.and(then, i8x16.eq(v128.and(v128.load(flags + at), bad), zero));
      v128.store(out + at, m);
      any = v128.or(any, m);
    }
    const hit = v128.any_true(any) ? 1 : 0;
    found |= hit;
    store<u8>(row + <usize>r, <u8>hit);
  }
  return found;
}

/**
 * Add `bit` to the flags of marked pixels and of their neighbours in a square of 2 grow + 1 pixels.
 * @param wide - scratch like marks; @param valid - a row of bytes, 0xff where there is a pixel
 */
export function spread(
  flags: usize,
  marks: usize,
  row: usize,
  wide: usize,
  valid: usize,
  bit: i32,
  grow: i32,
  stride: i32,
  width: i32,
  rows: i32,
): void {
  const zero = i8x16.splat(0);
  const b = i8x16.splat(<i8>bit);
  for (let r = 0; r < rows; r++) {
    if (load<u8>(row + <usize>r) === 0) continue;
    for (let x = 0; x < width; x += 16) {
      const at = <usize>(r * stride + x);
      let m = zero;
      for (let d = -grow; d <= grow; d++) m = v128.or(m, v128.load(marks + at + <usize>d));
      m = v128.and(i8x16.ne(m, zero), v128.load(valid + <usize>x));
      v128.store(wide + at, v128.and(m, b));
    }
  }
  for (let r = 0; r < rows; r++) {
    const first = r - grow < 0 ? 0 : r - grow;
    const last = r + grow >= rows ? rows - 1 : r + grow;
    for (let j = first; j <= last; j++) {
      if (load<u8>(row + <usize>j) === 0) continue;
      for (let x = 0; x < width; x += 16) {
        const at = flags + <usize>(r * stride + x);
        v128.store(at, v128.or(v128.load(at), v128.load(wide + <usize>(j * stride + x))));
      }
    }
  }
}

/** OR of the flags of `planes` planes, `step` bytes apart. */
export function gather(out: usize, flags: usize, step: i32, planes: i32, stride: i32, width: i32, rows: i32): void {
  for (let r = 0; r < rows; r++)
    for (let x = 0; x < width; x += 16) {
      const at = <usize>(r * stride + x);
      let q = v128.load(out + at);
      let p = flags + at;
      for (let g = 0; g < planes; g++) {
        q = v128.or(q, v128.load(p));
        p += <usize>step;
      }
      v128.store(out + at, q);
    }
}

/** How many pixels of rows [from, to) have a flag. */
export function count(flags: usize, valid: usize, bit: i32, stride: i32, width: i32, from: i32, to: i32): i32 {
  const b = i8x16.splat(<i8>bit);
  const zero = i8x16.splat(0);
  let n = 0;
  for (let r = from; r < to; r++)
    for (let x = 0; x < width; x += 16) {
      const q = v128.and(v128.load(flags + <usize>(r * stride + x)), b);
      n += popcnt<i32>(i8x16.bitmask(v128.and(i8x16.ne(q, zero), v128.load(valid + <usize>x))));
    }
  return n;
}
