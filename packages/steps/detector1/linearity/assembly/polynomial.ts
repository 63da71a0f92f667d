// The polynomial of src/kernel/polynomial.ts for a run of pixels, four at a time and rounded alike: float32 after every
// operation. Memory is laid out by the caller; offsets are in bytes, rows of coefficients are `stride` elements apart.

const SATURATED: i32 = 2;
const NO_LIN_CORR: i32 = 1 << 20;

function unsaturated(dq: usize): v128 {
  const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(dq)));
  return i32x4.eq(v128.and(words, i32x4.splat(SATURATED)), i32x4.splat(0));
}

/**
 * Give pixels without a usable correction the identity polynomial: flagged NO_LIN_CORR by the reference, a coefficient NaN, or the linear
 * term 0. The flags of the reference are added to those of the pixels, with NO_LIN_CORR for the last two kinds.
 * @param c - f32 coefficients, `ncoeffs` rows, lowest order first, changed in place
 * @param refdq, pixeldq - u32 flags; pixeldq is changed in place
 * @param n - pixels, a multiple of 4
 */
export function usable(c: usize, stride: i32, ncoeffs: i32, refdq: usize, pixeldq: usize, n: i32): void {
  const row: usize = (<usize>stride) << 2;
  const end = c + row * <usize>ncoeffs;
  const flag = i32x4.splat(NO_LIN_CORR);
  const zero = f32x4.splat(0);
  for (let i: usize = 0; i < (<usize>n) << 2; i += 16) {
    let bad = f32x4.eq(v128.load(c + row + i), zero);
    for (let k = c + i; k < end; k += row) {
      const v = v128.load(k);
      bad = v128.or(bad, f32x4.ne(v, v));
    }
    const known = v128.load(refdq + i);
    const flagged = i32x4.ne(v128.and(known, flag), i32x4.splat(0));
    const added = v128.and(v128.andnot(bad, flagged), flag);
    v128.store(pixeldq + i, v128.or(v128.load(pixeldq + i), v128.or(known, added)));
    const identity = v128.or(bad, flagged);
    if (!v128.any_true(identity)) continue;
    for (let k = c + i; k < end; k += row) {
      const value = k === c + row + i ? f32x4.splat(1) : zero;
      v128.store(k, v128.bitselect(value, v128.load(k), identity));
    }
  }
}

/**
 * Replace unsaturated values by c0 + c1 x + c2 x^2 + ...
 * @param data - f32 values, n of them, changed in place
 * @param dq - n flags of one byte
 * @param c - f32 coefficients, `ncoeffs` rows, lowest order first
 * @param n - pixels, a multiple of 16
 */
export function correct(data: usize, dq: usize, c: usize, stride: i32, n: i32, ncoeffs: i32): void {
  const row: usize = (<usize>stride) << 2;
  const top: usize = c + row * <usize>(ncoeffs - 1);
  for (let i: usize = 0; i < <usize>n; i += 16) {
    const at = i << 2;
    const p = data + at;
    const x0 = v128.load(p);
    const x1 = v128.load(p, 16);
    const x2 = v128.load(p, 32);
    const x3 = v128.load(p, 48);
    let k = top + at;
    let y0 = f32x4.mul(v128.load(k), x0);
    let y1 = f32x4.mul(v128.load(k, 16), x1);
    let y2 = f32x4.mul(v128.load(k, 32), x2);
    let y3 = f32x4.mul(v128.load(k, 48), x3);
    for (k -= row; k > c + at; k -= row) {
      y0 = f32x4.mul(f32x4.add(y0, v128.load(k)), x0);
      y1 = f32x4.mul(f32x4.add(y1, v128.load(k, 16)), x1);
      y2 = f32x4.mul(f32x4.add(y2, v128.load(k, 32)), x2);
      y3 = f32x4.mul(f32x4.add(y3, v128.load(k, 48)), x3);
    }
    y0 = f32x4.add(y0, v128.load(k));
    y1 = f32x4.add(y1, v128.load(k, 16));
    y2 = f32x4.add(y2, v128.load(k, 32));
    y3 = f32x4.add(y3, v128.load(k, 48));
    const q = dq + i;
    v128.store(p, v128.bitselect(y0, x0, unsaturated(q)));
    v128.store(p, v128.bitselect(y1, x1, unsaturated(q + 4)), 16);
    v128.store(p, v128.bitselect(y2, x2, unsaturated(q + 8)), 32);
    v128.store(p, v128.bitselect(y3, x3, unsaturated(q + 12)), 48);
  }
}

/** The same for values without flags: zeros stay. */
export function correctKeepingZero(data: usize, c: usize, stride: i32, n: i32, ncoeffs: i32): void {
  const row: usize = (<usize>stride) << 2;
  const top: usize = c + row * <usize>(ncoeffs - 1);
  for (let at: usize = 0; at < (<usize>n) << 2; at += 16) {
    const x = v128.load(data + at);
    let k = top + at;
    let y = f32x4.mul(v128.load(k), x);
    for (k -= row; k > c + at; k -= row) y = f32x4.mul(f32x4.add(y, v128.load(k)), x);
    y = f32x4.add(y, v128.load(k));
    v128.store(data + at, v128.bitselect(y, x, f32x4.ne(x, f32x4.splat(0))));
  }
}
