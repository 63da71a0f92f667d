// The polynomial of src/kernel/polynomial.ts for one run of pixels, four at a time and rounded alike: float32 after every
// operation. Memory is laid out by the caller; offsets are in bytes.

const SATURATED: i32 = 2;

function unsaturated(dq: usize): v128 {
  const words = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(dq)));
  return i32x4.eq(v128.and(words, i32x4.splat(SATURATED)), i32x4.splat(0));
}

/**
 * Replace unsaturated values by c0 + c1 x + c2 x^2 + ...
 * @param data - f32 values, n of them, changed in place
 * @param dq - n flags of one byte
 * @param c - f32 coefficients, `ncoeffs` rows of n, lowest order first
 * @param n - pixels, a multiple of 16
 */
export function correct(data: usize, dq: usize, c: usize, n: i32, ncoeffs: i32): void {
  const row: usize = (<usize>n) << 2;
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
