// Rows of an image times shifted kernel weights, in double precision; src/convolve.ts does the same without WASM. Memory is laid out by
// the caller; offsets are in bytes.

/** Float32 values as doubles. @param n - a multiple of 4 */
export function widen(values: usize, out: usize, n: i32): void {
  const end = values + ((<usize>n) << 2);
  for (; values < end; values += 16, out += 32) {
    const v = v128.load(values);
    v128.store(out, f64x2.promote_low_f32x4(v));
    v128.store(out, f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1)), 16);
  }
}

/**
 * Values as doubles, 0 for those to leave out, and 1 for these in `missing`, 0 for others.
 * @param mask - n bytes, not 0 for values to leave out; NaN is left out too
 * @returns 1 when there are any to leave out
 */
export function known(values: usize, mask: usize, n: i32, out: usize, missing: usize): i32 {
  let gap = 0;
  for (let i: usize = 0; i < <usize>n; i++) {
    const v = load<f32>(values + (i << 2));
    const usable = load<u8>(mask + i) === 0 && (v >= 0.0 || v < 0.0);
    store<f64>(out + (i << 3), usable ? <f64>v : 0.0);
    store<f64>(missing + (i << 3), usable ? 0.0 : 1.0);
    gap |= <i32>!usable;
  }
  return gap;
}

/**
 * start + the sum over taps of values times weights, tap by tap.
 * @param taps - where the values for element 0 lie (i32, padded to 8 bytes) and the f64 weight of each tap
 * @param n - elements, a multiple of 8
 */
export function correlate(taps: usize, ntaps: i32, start: f64, out: usize, n: i32): void {
  const end = taps + ((<usize>ntaps) << 4);
  const from = f64x2.splat(start);
  for (let x: usize = 0; x < (<usize>n) << 3; x += 64) {
    let a = from;
    let b = from;
    let c = from;
    let d = from;
    for (let tap = taps; tap < end; tap += 16) {
      const p = <usize>load<i32>(tap) + x;
      const w = v128.load64_splat(tap, 8);
      a = f64x2.add(a, f64x2.mul(v128.load(p), w));
      b = f64x2.add(b, f64x2.mul(v128.load(p, 16), w));
      c = f64x2.add(c, f64x2.mul(v128.load(p, 32), w));
      d = f64x2.add(d, f64x2.mul(v128.load(p, 48), w));
    }
    v128.store(out + x, a);
    v128.store(out + x, b, 16);
    v128.store(out + x, c, 32);
    v128.store(out + x, d, 48);
  }
}

/** Doubles as float32. @param n - a multiple of 2 */
export function narrow(values: usize, out: usize, n: i32): void {
  const end = values + ((<usize>n) << 3);
  for (; values < end; values += 16, out += 8) v128.store64_lane(out, f32x4.demote_f64x2_zero(v128.load(values)), 0);
}

/** Sums over weights as float32; NaN where the weight is at most `least`. @param n - a multiple of 2 */
export function ratio(sums: usize, weights: usize, least: f64, out: usize, n: i32): void {
  const end = sums + ((<usize>n) << 3);
  const nan = f64x2.splat(NaN);
  for (; sums < end; sums += 16, weights += 16, out += 8) {
    const w = v128.load(weights);
    const r = v128.bitselect(f64x2.div(v128.load(sums), w), nan, f64x2.gt(w, f64x2.splat(least)));
    v128.store64_lane(out, f32x4.demote_f64x2_zero(r), 0);
  }
}
