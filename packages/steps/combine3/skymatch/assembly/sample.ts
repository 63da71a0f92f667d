// Passes over the values that the sky is measured of, four at a time; src/kernel/statistics.ts does the same without WASM. Memory is
// laid out by the caller; offsets are in bytes. No value is NaN.

/** What the last pass found. */
let count: i32 = 0;
let least: f32 = 0;
let most: f32 = 0;

export function foundCount(): i32 {
  return count;
}
export function foundLeast(): f32 {
  return least;
}
export function foundMost(): f32 {
  return most;
}

/** Copy the values where both masks are set to `out`; how many there are. There is room for one more. */
export function take(data: usize, a: usize, b: usize, n: i32, out: usize): i32 {
  const begin = out;
  for (let i: usize = 0; i < <usize>n; i++) {
    store<f32>(out, load<f32>(data + (i << 2)));
    out += (<usize>(load<u8>(a + i) & load<u8>(b + i))) << 2;
  }
  return <i32>((out - begin) >> 2);
}

function within(v: v128, lo: v128, hi: v128): v128 {
  return v128.and(f32x4.ge(v, lo), f32x4.le(v, hi));
}

/** The pairs of lanes of four float32 values as doubles. */
function low(v: v128): v128 {
  return f64x2.promote_low_f32x4(v);
}
function high(v: v128): v128 {
  return f64x2.promote_low_f32x4(i64x2.shuffle(v, v, 1, 1));
}

function total(s0: v128, s1: v128, s2: v128, s3: v128): f64 {
  const s = f64x2.add(f64x2.add(s0, s1), f64x2.add(s2, s3));
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

/**
 * Sum of the values from lo to hi, in no particular order; {@link foundCount}, {@link foundLeast} and {@link foundMost} tell of them.
 * @param min, max - what the least and the greatest value start from
 */
export function sum(values: usize, n: i32, lo: f32, hi: f32, min: f32, max: f32): f64 {
  const los = f32x4.splat(lo);
  const his = f32x4.splat(hi);
  let mins = f32x4.splat(min);
  let maxs = f32x4.splat(max);
  const first = mins;
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let counts = i32x4.splat(0);
  const end = values + ((<usize>n) << 2);
  const whole = values + ((<usize>(n & ~7)) << 2);
  let p = values;
  for (; p < whole; p += 32) {
    const v = v128.load(p);
    const w = v128.load(p, 16);
    const a = within(v, los, his);
    const b = within(w, los, his);
    counts = i32x4.sub(i32x4.sub(counts, a), b);
    mins = f32x4.pmin(f32x4.pmin(mins, v128.bitselect(v, first, a)), v128.bitselect(w, first, b));
    maxs = f32x4.pmax(f32x4.pmax(maxs, v128.bitselect(v, maxs, a)), v128.bitselect(w, maxs, b));
    const x = v128.and(v, a);
    const y = v128.and(w, b);
    s0 = f64x2.add(s0, low(x));
    s1 = f64x2.add(s1, high(x));
    s2 = f64x2.add(s2, low(y));
    s3 = f64x2.add(s3, high(y));
  }
  count = i32x4.extract_lane(counts, 0) + i32x4.extract_lane(counts, 1);
  count += i32x4.extract_lane(counts, 2) + i32x4.extract_lane(counts, 3);
  let out = total(s0, s1, s2, s3);
  least = min2(
    min2(f32x4.extract_lane(mins, 0), f32x4.extract_lane(mins, 1)),
    min2(f32x4.extract_lane(mins, 2), f32x4.extract_lane(mins, 3)),
  );
  most = max2(
    max2(f32x4.extract_lane(maxs, 0), f32x4.extract_lane(maxs, 1)),
    max2(f32x4.extract_lane(maxs, 2), f32x4.extract_lane(maxs, 3)),
  );
  for (; p < end; p += 4) {
    const v = load<f32>(p);
    if (!(v >= lo && v <= hi)) continue;
    count++;
    out += <f64>v;
    least = min2(least, v);
    most = max2(most, v);
  }
  return out;
}

function min2(a: f32, b: f32): f32 {
  return b < a ? b : a;
}
function max2(a: f32, b: f32): f32 {
  return b > a ? b : a;
}

/** Sum of the values from lo to hi, one after the other. */
export function sumInOrder(values: usize, n: i32, lo: f32, hi: f32): f64 {
  let out: f64 = 0;
  const end = values + ((<usize>n) << 2);
  for (let p = values; p < end; p += 4) {
    const v = load<f32>(p);
    out += v >= lo && v <= hi ? <f64>v : 0.0;
  }
  return out;
}

/** Sum of the squared distances from `mean` of the values from lo to hi, in no particular order. */
export function squares(values: usize, n: i32, lo: f32, hi: f32, mean: f32): f64 {
  const los = f32x4.splat(lo);
  const his = f32x4.splat(hi);
  const means = f32x4.splat(mean);
  let s0 = f64x2.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  const end = values + ((<usize>n) << 2);
  const whole = values + ((<usize>(n & ~7)) << 2);
  let p = values;
  for (; p < whole; p += 32) {
    const v = v128.load(p);
    const w = v128.load(p, 16);
    const d = f32x4.sub(v, means);
    const e = f32x4.sub(w, means);
    const x = v128.and(f32x4.mul(d, d), within(v, los, his));
    const y = v128.and(f32x4.mul(e, e), within(w, los, his));
    s0 = f64x2.add(s0, low(x));
    s1 = f64x2.add(s1, high(x));
    s2 = f64x2.add(s2, low(y));
    s3 = f64x2.add(s3, high(y));
  }
  let out = total(s0, s1, s2, s3);
  for (; p < end; p += 4) {
    const v = load<f32>(p);
    const d = v - mean;
    out += v >= lo && v <= hi ? <f64>(d * d) : 0.0;
  }
  return out;
}

/** The same, one after the other. */
export function squaresInOrder(values: usize, n: i32, lo: f32, hi: f32, mean: f32): f64 {
  let out: f64 = 0;
  const end = values + ((<usize>n) << 2);
  for (let p = values; p < end; p += 4) {
    const v = load<f32>(p);
    const d = v - mean;
    out += v >= lo && v <= hi ? <f64>(d * d) : 0.0;
  }
  return out;
}

/**
 * Count the values from `min` to less than `max` in bins.
 * @param scale - one over the width of a bin
 * @param bins - four times nbins + 1 zeros; the first nbins become the counts
 */
export function histogram(values: usize, n: i32, min: f32, max: f32, scale: f32, bins: usize, nbins: i32): void {
  const mins = f32x4.splat(min);
  const maxs = f32x4.splat(max);
  const scales = f32x4.splat(scale);
  const outside = i32x4.splat(nbins);
  const pitch = (<usize>(nbins + 1)) << 2;
  const second = bins + pitch;
  const third = second + pitch;
  const fourth = third + pitch;
  const end = values + ((<usize>n) << 2);
  const whole = values + ((<usize>(n & ~3)) << 2);
  let p = values;
  for (; p < whole; p += 16) {
    const v = v128.load(p);
    const bin = i32x4.min_u(i32x4.trunc_sat_f32x4_u(f32x4.mul(scales, f32x4.sub(v, mins))), outside);
    const at = i32x4.shl(v128.bitselect(bin, outside, v128.and(f32x4.ge(v, mins), f32x4.lt(v, maxs))), 2);
    add(bins + <usize>i32x4.extract_lane(at, 0));
    add(second + <usize>i32x4.extract_lane(at, 1));
    add(third + <usize>i32x4.extract_lane(at, 2));
    add(fourth + <usize>i32x4.extract_lane(at, 3));
  }
  for (; p < end; p += 4) {
    const v = load<f32>(p);
    if (!(v >= min && v < max)) continue;
    const bin = scale * (v - min);
    if (bin < <f32>nbins) add(bins + ((<usize>(<i32>bin)) << 2));
  }
  for (let at = bins; at < second; at += 4) {
    const more = load<i32>(at + pitch) + load<i32>(at + 2 * pitch) + load<i32>(at + 3 * pitch);
    store<i32>(at, load<i32>(at) + more);
  }
}

function add(at: usize): void {
  store<i32>(at, load<i32>(at) + 1);
}
