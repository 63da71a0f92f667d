// The two sums that dominate a least squares fit of unflagged ramps, two pixels at a time; see src/ols/clean.ts, which
// does the same without WASM. Memory is laid out by the caller; offsets are in bytes.

import { addFewMedians, MEDIANS_UP_TO } from "./generated/medians";

export { fitPixels, setMemory, setSizes, setTimes } from "./parts/pixel";

/** Columns of which the differences stay in the first cache while they are put in order. */
const BLOCK: i32 = 256;

/**
 * Exponents of the weights of two pixels for their signal-to-noise ratios, as 64-bit integers: see src/ols/weights.ts. NaN and negative
 * ratios give 0.
 */
function powers(step: v128, gain: v128, noise: v128): v128 {
  const electrons = f64x2.mul(step, gain);
  const s = f64x2.div(electrons, f64x2.sqrt(f64x2.add(f64x2.mul(noise, noise), electrons)));
  // A comparison that holds is -1.
  let p = i64x2.add(f64x2.ge(s, f64x2.splat(5)), f64x2.ge(s, f64x2.splat(10)));
  p = i64x2.add(p, f64x2.ge(s, f64x2.splat(20)));
  p = i64x2.add(p, f64x2.ge(s, f64x2.splat(50)));
  return i64x2.neg(i64x2.add(p, f64x2.ge(s, f64x2.splat(100))));
}

function widen(at: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(at));
}

/**
 * One integration of a tile of ramps.
 * @param data - f32 rows, `groups` of them, the first at this offset
 * @param stride - columns from one row of `data` to the next; @param width - columns, a multiple of 4
 * @param gain, noise - f32 rows
 * @param weights - f64 tables of `groups` values for the six exponents
 * @param pairs - i32 pairs of rows to put in order, so that the middle of the differences comes to its place
 * @param diffs - f64 scratch, groups - 1 rows of BLOCK
 * @param slopes - f64 row, receives the slope per group
 * @param medians - f64 row, the median difference is added to it
 */
export function fitTile(
  data: usize,
  stride: i32,
  width: i32,
  groups: i32,
  gain: usize,
  noise: usize,
  weights: usize,
  pairs: usize,
  npairs: i32,
  diffs: usize,
  slopes: usize,
  medians: usize,
): void {
  for (let k = 0; k < width; k += BLOCK) {
    const n = width - k < BLOCK ? width - k : BLOCK;
    const k4 = (<usize>k) << 2;
    const k8 = (<usize>k) << 3;
    addMedians(data + k4, stride, n, groups, pairs, npairs, diffs, medians + k8);
    fitSlopes(data + k4, stride, n, groups, gain + k4, noise + k4, weights, slopes + k8);
  }
}

/** The median first difference of each pixel is added to `medians`. */
function addMedians(
  data: usize,
  stride: i32,
  width: i32,
  groups: i32,
  pairs: usize,
  npairs: i32,
  diffs: usize,
  medians: usize,
): void {
  const row4: usize = (<usize>stride) << 2;
  const row8: usize = (<usize>width) << 3;
  const n = groups - 1;
  if (n <= MEDIANS_UP_TO) {
    addFewMedians(data, row4, width, n, medians);
    return;
  }
  for (let g = 0; g < n; g++) {
    const from = data + <usize>g * row4;
    const to = diffs + <usize>g * row8;
    for (let k = 0; k < width; k += 2) {
      const a = widen(from + ((<usize>k) << 2));
      const b = widen(from + row4 + ((<usize>k) << 2));
      v128.store(to + ((<usize>k) << 3), f64x2.sub(b, a));
    }
  }
  for (let c = 0; c < npairs; c++) {
    const lo = diffs + <usize>load<i32>(pairs + ((<usize>c) << 3)) * row8;
    const hi = diffs + <usize>load<i32>(pairs + ((<usize>c) << 3), 4) * row8;
    for (let k: usize = 0; k < row8; k += 32) {
      const a = v128.load(lo + k);
      const b = v128.load(hi + k);
      const a2 = v128.load(lo + k, 16);
      const b2 = v128.load(hi + k, 16);
      v128.store(lo + k, f64x2.pmin(a, b));
      v128.store(hi + k, f64x2.pmax(a, b));
      v128.store(lo + k, f64x2.pmin(a2, b2), 16);
      v128.store(hi + k, f64x2.pmax(a2, b2), 16);
    }
  }
  const mid = diffs + <usize>(n >> 1) * row8;
  const below = n & 1 ? mid : mid - row8;
  const half = f64x2.splat(0.5);
  for (let k: usize = 0; k < row8; k += 16) {
    const m = f64x2.mul(f64x2.add(v128.load(mid + k), v128.load(below + k)), half);
    v128.store(medians + k, f64x2.add(v128.load(medians + k), m));
  }
}

/** The slope per group of each pixel, with the weights for its signal-to-noise ratio. */
function fitSlopes(
  data: usize,
  stride: i32,
  width: i32,
  groups: i32,
  gain: usize,
  noise: usize,
  weights: usize,
  slopes: usize,
): void {
  const row4: usize = (<usize>stride) << 2;
  const table: usize = (<usize>groups) << 3;
  const last = <usize>(groups - 1) * row4;
  for (let k = 0; k < width; k += 4) {
    const k4 = (<usize>k) << 2;
    const first = data + k4;
    const p = powers(f64x2.sub(widen(first + last), widen(first)), widen(gain + k4), widen(noise + k4));
    const q = powers(f64x2.sub(widen(first + last + 8), widen(first + 8)), widen(gain + k4 + 8), widen(noise + k4 + 8));
    let w0 = weights + <usize>i64x2.extract_lane(p, 0) * table;
    let w1 = weights + <usize>i64x2.extract_lane(p, 1) * table;
    let w2 = weights + <usize>i64x2.extract_lane(q, 0) * table;
    let w3 = weights + <usize>i64x2.extract_lane(q, 1) * table;
    let sum = f64x2.splat(0);
    let sum2 = f64x2.splat(0);
    let at = first;
    for (let g = 0; g < groups; g++) {
      sum = f64x2.add(sum, f64x2.mul(v128.load64_lane(w1, v128.load64_zero(w0), 1), widen(at)));
      sum2 = f64x2.add(sum2, f64x2.mul(v128.load64_lane(w3, v128.load64_zero(w2), 1), widen(at + 8)));
      w0 += 8;
      w1 += 8;
      w2 += 8;
      w3 += 8;
      at += row4;
    }
    v128.store(slopes + ((<usize>k) << 3), sum);
    v128.store(slopes + ((<usize>k) << 3), sum2, 16);
  }
}

/**
 * Read noise of a group in electrons from that of a difference of two frames in DN, in place: see groupNoise in src/ols/setup.ts.
 * @param noise, gain - f32 rows of `width` pixels, a multiple of 4
 */
export function scaleNoise(noise: usize, gain: usize, width: i32, root: f64): void {
  const r = f64x2.splat(root);
  const end = noise + ((<usize>width) << 2);
  for (; noise < end; noise += 8, gain += 8) {
    const n = f64x2.mul(widen(noise), f64x2.div(widen(gain), r));
    v128.store64_lane(noise, f32x4.demote_f64x2_zero(n), 0);
  }
}

/**
 * Add the flags of some samples to those of the pixels.
 * @param dq - rows of bytes, `rows` of them, `stride` apart
 * @param any - `width` bytes, a multiple of 16
 */
export function unite(dq: usize, stride: i32, width: i32, rows: i32, any: usize): void {
  for (let k: usize = 0; k < <usize>width; k += 16) {
    let q = v128.load(any + k);
    let at = dq + k;
    for (let r = 0; r < rows; r++) {
      q = v128.or(q, v128.load(at));
      at += <usize>stride;
    }
    v128.store(any + k, q);
  }
}

/**
 * From slopes and medians of a tile to rates and variances; all integrations have the same variances.
 * @param slopes - f64 rows of slopes per group, `nints` of them; @param medians - f64 row, sums over the integrations
 * @param stride - columns from row to row; @param width - columns, even
 * @param dark - f32 row of dark current
 * @param groupTime - time from group to group
 * @param out - f32 rows: rate of each integration (nints rows), then var_P, var_R, error of an integration, rate, var_P,
 *   var_R, error of the mean, then an i32 row: not 0 where the pixel is regular
 */
export function finishTile(
  nints: i32,
  stride: i32,
  width: i32,
  groups: i32,
  slopes: usize,
  medians: usize,
  gain: usize,
  noise: usize,
  dark: usize,
  groupTime: f64,
  out: usize,
): void {
  const row4: usize = (<usize>stride) << 2;
  const row8: usize = (<usize>stride) << 3;
  const planes = out + <usize>nints * row4;
  const g = <f64>groups;
  const perTime = f64x2.splat(1.0 / groupTime);
  const perInt = f64x2.splat(1.0 / <f64>nints);
  const photonTime = f64x2.splat(groupTime * (g - 1.0));
  const readFactor = f64x2.splat(12.0 / ((g * g * g - g) * groupTime * groupTime));
  const zero = f64x2.splat(0.0);
  const large = f64x2.splat(1e6);
  for (let k = 0; k < width; k += 2) {
    const k4 = (<usize>k) << 2;
    const k8 = (<usize>k) << 3;
    let sum = zero;
    for (let i: usize = 0; i < <usize>nints; i++) {
      const s = f64x2.mul(v128.load(slopes + i * row8 + k8), perTime);
      v128.store64_lane(out + i * row4 + k4, f32x4.demote_f64x2_zero(s), 0);
      sum = f64x2.add(sum, s);
    }
    const e = f64x2.promote_low_f32x4(v128.load64_zero(gain + k4));
    const r = f64x2.promote_low_f32x4(v128.load64_zero(noise + k4));
    const d = f64x2.promote_low_f32x4(v128.load64_zero(dark + k4));
    const median = f64x2.mul(f64x2.mul(v128.load(medians + k8), perTime), perInt);
    const vp = f64x2.div(f64x2.add(f64x2.pmax(zero, median), d), f64x2.mul(photonTime, e));
    const q = f64x2.div(r, e);
    const vr = f64x2.mul(readFactor, f64x2.mul(q, q));
    const v = f64x2.add(vp, vr);
    const finite = f64x2.eq(f64x2.sub(sum, sum), zero);
    let regular = v128.and(f64x2.ge(vp, zero), f64x2.lt(v, large));
    regular = v128.and(regular, v128.and(f64x2.gt(vr, zero), finite));
    regular = v128.and(regular, v128.and(f64x2.gt(e, zero), f64x2.gt(r, zero)));
    const at = planes + k4;
    v128.store64_lane(at, f32x4.demote_f64x2_zero(vp), 0);
    v128.store64_lane(at + row4, f32x4.demote_f64x2_zero(vr), 0);
    v128.store64_lane(at + 2 * row4, f32x4.demote_f64x2_zero(f64x2.sqrt(v)), 0);
    v128.store64_lane(at + 3 * row4, f32x4.demote_f64x2_zero(f64x2.mul(sum, perInt)), 0);
    v128.store64_lane(at + 4 * row4, f32x4.demote_f64x2_zero(f64x2.mul(vp, perInt)), 0);
    v128.store64_lane(at + 5 * row4, f32x4.demote_f64x2_zero(f64x2.mul(vr, perInt)), 0);
    v128.store64_lane(at + 6 * row4, f32x4.demote_f64x2_zero(f64x2.sqrt(f64x2.mul(v, perInt))), 0);
    v128.store64_lane(
      at + 7 * row4,
      i8x16.shuffle(regular, regular, 0, 1, 2, 3, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0),
      0,
    );
  }
}
