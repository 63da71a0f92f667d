// Passes over weights, four at a time; src/threshold-sample.ts does the same, in the same order, without WASM. Memory is laid out by the
// caller; offsets are in bytes.

let count: i32 = 0;
let below: i32 = 0;

/** Values inside the range of the last pass, and values below it. */
export function foundCount(): i32 {
  return count;
}
export function foundBelow(): i32 {
  return below;
}

/** Copy the finite ones of n values that are not 0 to `out`; how many there are. There is room for one more. */
export function take(values: usize, n: i32, out: usize): i32 {
  const begin = out;
  const end = values + ((<usize>n) << 2);
  for (; values < end; values += 4) {
    const v = load<f32>(values);
    store<f32>(out, v);
    out += (<usize>(v !== 0.0 && v - v === 0.0)) << 2;
  }
  return <i32>((out - begin) >> 2);
}

function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1));
}

function lanes(v: v128): i32 {
  const two = i32x4.add(v, i64x2.shuffle(v, v, 1, 1));
  return i32x4.extract_lane(two, 0) + i32x4.extract_lane(two, 1);
}

function total(a: v128, b: v128): f64 {
  const s = f64x2.add(a, b);
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/** Sum of the values from lo to hi. @param n - a multiple of 4; NaN counts as outside */
export function sum(values: usize, n: i32, lo: f32, hi: f32): f64 {
  const los = f32x4.splat(lo);
  const his = f32x4.splat(hi);
  let counts = i32x4.splat(0);
  let belows = counts;
  let a = f64x2.splat(0);
  let b = a;
  const end = values + ((<usize>n) << 2);
  for (; values < end; values += 16) {
    const v = v128.load(values);
    const inside = v128.and(f32x4.ge(v, los), f32x4.le(v, his));
    counts = i32x4.sub(counts, inside);
    belows = i32x4.sub(belows, f32x4.lt(v, los));
    const x = v128.and(v, inside);
    a = f64x2.add(a, f64x2.promote_low_f32x4(x));
    b = f64x2.add(b, high(x));
  }
  count = lanes(counts);
  below = lanes(belows);
  return total(a, b);
}

/** Sum of the squared distances from `mean` of the values from lo to hi. @param n - a multiple of 4; NaN counts as outside */
export function squares(values: usize, n: i32, lo: f32, hi: f32, mean: f64): f64 {
  const los = f32x4.splat(lo);
  const his = f32x4.splat(hi);
  const means = f64x2.splat(mean);
  let a = f64x2.splat(0);
  let b = a;
  const end = values + ((<usize>n) << 2);
  for (; values < end; values += 16) {
    const v = v128.load(values);
    const inside = v128.and(f32x4.ge(v, los), f32x4.le(v, his));
    const d = f64x2.sub(f64x2.promote_low_f32x4(v), means);
    const e = f64x2.sub(high(v), means);
    a = f64x2.add(a, v128.and(f64x2.mul(d, d), i64x2.extend_low_i32x4_s(inside)));
    b = f64x2.add(b, v128.and(f64x2.mul(e, e), i64x2.extend_high_i32x4_s(inside)));
  }
  return total(a, b);
}

/** Copy the values from lo to hi to `out`; stops when `room` is full. @returns how many there are, at most `room` */
export function gather(values: usize, n: i32, lo: f32, hi: f32, out: usize, room: i32): i32 {
  const los = f32x4.splat(lo);
  const his = f32x4.splat(hi);
  const begin = out;
  const full = out + ((<usize>room) << 2);
  const end = values + ((<usize>n) << 2);
  for (; values < end; values += 16) {
    const v = v128.load(values);
    if (!v128.any_true(v128.and(f32x4.ge(v, los), f32x4.le(v, his)))) continue;
    for (let k: usize = 0; k < 16; k += 4) {
      const x = load<f32>(values + k);
      if (!(x >= lo && x <= hi)) continue;
      if (out === full) return room;
      store<f32>(out, x);
      out += 4;
    }
  }
  return <i32>((out - begin) >> 2);
}
