// Likelihood fits of a tile of ramps without jumps, two pixels at a time; see src/likelihood/tile.ts for the layout and
// src/likelihood/pixel.ts for the fit itself, of which this is the same in fewer operations:
//   - alternating signs are folded into the recursions, the covariance is scaled by its first element;
//   - the gain in chi squared of leaving out difference i is g^2 / m, with g = dB - a dC and m = Cinv_ii - dC^2 / C, and of
//     leaving out i and j g' M^-1 g: what counts is only whether any exceeds its threshold.

/** Rows of scratch memory, `rows + 2` vectors each. */
const DIFF = 0;
const USE = 1;
const SORT = 2;
const ALPHA = 3;
const BETA = 4;
const THETA = 5;
const BIG_THETA = 6;
const THETA_D = 7;
const D_C = 8;
const D_B = 9;
const INVERSE = 10;
const OFF = 11;

let scratch: usize = 0;
let stride: usize = 0;
let table: usize = 0;
let n: i32 = 0;

// Sums of the last fit.
let sumA: v128 = f64x2.splat(0);
let sumB: v128 = f64x2.splat(0);
let sumC: v128 = f64x2.splat(0);
let scale: v128 = f64x2.splat(0);

function at(row: i32, i: i32): usize {
  return scratch + <usize>row * stride + ((<usize>i) << 4);
}

/** Constants of the covariance: rows of n values of delta_t, alpha and beta factors. */
function constant(row: i32, i: i32): v128 {
  return v128.load64_splat(table + ((<usize>(row * n + i)) << 3));
}

function madd(a: v128, b: v128, c: v128): v128 {
  return f64x2.add(f64x2.mul(a, b), c);
}

/** Fit the differences in DIFF (masked) with the covariance of the given photon and read noise terms; `squares`: also what chi squared needs. */
function fit(photons: v128, read: v128, search: bool, squares: bool): void {
  const zero = f64x2.splat(0);
  const one = f64x2.splat(1);
  const first = madd(photons, constant(1, 0), f64x2.mul(read, constant(2, 0)));
  scale = first;
  const inverse = f64x2.div(one, first);
  const p = f64x2.mul(photons, inverse);
  const r = f64x2.mul(read, inverse);
  let use = v128.load(at(USE, 0));
  for (let i = 0; i < n; i++) {
    v128.store(at(ALPHA, i), madd(p, constant(1, i), f64x2.mul(r, constant(2, i))));
    if (i === n - 1) break;
    const next = v128.load(at(USE, i + 1));
    const b = f64x2.mul(madd(p, constant(3, i), f64x2.mul(r, constant(4, i))), f64x2.mul(use, next));
    v128.store(at(BETA, i), b);
    use = next;
  }
  let theta0 = one;
  let theta1 = v128.load(at(ALPHA, 0));
  let big = one;
  let bigD = v128.load(at(DIFF, 0));
  v128.store(at(THETA, 0), theta0);
  v128.store(at(BIG_THETA, 0), big);
  v128.store(at(THETA_D, 0), zero);
  v128.store(at(THETA_D, 1), bigD);
  for (let i = 1; i < n; i++) {
    const b = v128.load(at(BETA, i - 1));
    v128.store(at(THETA, i), theta1);
    big = f64x2.sub(theta1, f64x2.mul(b, big));
    v128.store(at(BIG_THETA, i), big);
    if (squares) {
      bigD = f64x2.sub(f64x2.mul(v128.load(at(DIFF, i)), theta1), f64x2.mul(b, bigD));
      v128.store(at(THETA_D, i + 1), bigD);
    }
    const theta2 = f64x2.sub(f64x2.mul(v128.load(at(ALPHA, i)), theta1), f64x2.mul(f64x2.mul(b, b), theta0));
    theta0 = theta1;
    theta1 = theta2;
  }
  const perDet = f64x2.div(one, theta1);
  let phi1 = one; // phi[i + 1]
  let phi2 = zero; // phi[i + 2]
  let bigPhi = zero;
  let phiD = zero;
  let a = zero;
  let b0 = zero;
  let c = zero;
  for (let i = n - 1; i >= 0; i--) {
    const theta = v128.load(at(THETA, i));
    if (i < n - 1) {
      const b = v128.load(at(BETA, i));
      bigPhi = f64x2.neg(f64x2.mul(b, f64x2.add(bigPhi, phi2)));
      if (squares) phiD = f64x2.neg(f64x2.mul(b, madd(v128.load(at(DIFF, i + 1)), phi2, phiD)));
      if (search) v128.store(at(OFF, i), f64x2.neg(f64x2.mul(f64x2.mul(b, theta), f64x2.mul(phi2, perDet))));
    }
    const u = f64x2.mul(v128.load(at(USE, i)), perDet);
    const d = v128.load(at(DIFF, i));
    const dc = f64x2.mul(madd(phi1, v128.load(at(BIG_THETA, i)), f64x2.mul(theta, bigPhi)), u);
    v128.store(at(D_C, i), dc);
    b0 = madd(d, dc, b0);
    c = f64x2.add(c, dc);
    if (squares) {
      const db = f64x2.mul(madd(phi1, v128.load(at(THETA_D, i + 1)), f64x2.mul(theta, phiD)), perDet);
      a = madd(d, db, a);
      if (search) v128.store(at(D_B, i), db);
    }
    if (search) {
      v128.store(at(INVERSE, i), f64x2.mul(f64x2.mul(theta, phi1), u));
    }
    // phi[i] = alpha[i] phi[i+1] - beta[i]^2 phi[i+2]
    let phi = f64x2.mul(v128.load(at(ALPHA, i)), phi1);
    if (i < n - 1) {
      const b = v128.load(at(BETA, i));
      phi = f64x2.sub(phi, f64x2.mul(f64x2.mul(b, b), phi2));
    }
    phi2 = phi1;
    phi1 = phi;
  }
  sumA = a;
  sumB = b0;
  sumC = c;
}

/** Whether no omission gains more than its threshold, as a mask. NaN counts as a gain. */
function quiet(thresholdOne: f64, thresholdTwo: f64): v128 {
  const zero = f64x2.splat(0);
  const perC = f64x2.div(f64x2.splat(1), sumC);
  const rate = f64x2.mul(sumB, perC);
  const t1 = f64x2.mul(f64x2.splat(thresholdOne), scale);
  const t2 = f64x2.mul(f64x2.splat(thresholdTwo), scale);
  let ok = f64x2.eq(zero, zero);
  let gj = zero;
  let mj = zero;
  let dj = zero;
  let unusedJ = ok;
  for (let i = n - 1; i >= 0; i--) {
    const dc = v128.load(at(D_C, i));
    const g = f64x2.sub(v128.load(at(D_B, i)), f64x2.mul(rate, dc));
    const dcc = f64x2.mul(dc, perC);
    const m = f64x2.sub(v128.load(at(INVERSE, i)), f64x2.mul(dc, dcc));
    const unused = f64x2.eq(v128.load(at(USE, i)), zero);
    const g2 = f64x2.mul(g, g);
    ok = v128.and(ok, v128.or(unused, f64x2.le(g2, f64x2.mul(t1, m))));
    if (i < n - 1) {
      const mij = f64x2.sub(v128.load(at(OFF, i)), f64x2.mul(dcc, dj));
      const gain = madd(g2, mj, f64x2.mul(gj, f64x2.sub(f64x2.mul(gj, m), f64x2.mul(f64x2.add(g, g), mij))));
      const det = f64x2.sub(f64x2.mul(m, mj), f64x2.mul(mij, mij));
      const off = f64x2.eq(constant(5, i), zero);
      const skip = v128.or(off, v128.or(unused, unusedJ));
      ok = v128.and(ok, v128.or(skip, f64x2.le(gain, f64x2.mul(t2, det))));
    }
    gj = g;
    mj = m;
    dj = dc;
    unusedJ = unused;
  }
  return ok;
}

function flag(dq: usize, k: usize): f64 {
  return load<u8>(dq + k) === 0 ? 1.0 : 0.0;
}

/**
 * @param data - f32 rows, diffs + 1 of them; @param dq - u8 rows, same number; rows hold `width` columns, an even number
 * @param constants - f64 rows of `diffs` values: delta_t, photon and read factors of the diagonal and beside it, pairs
 * @param pairs - i32 pairs of rows that bring the middle difference to its place
 * @param gain, noise, dark - f32 rows; noise of a difference of two reads
 * @param out - f32 rows: rate, error, var_P, var_R, chi squared; then an i32 row: not 0 where the fit holds
 * @param squares - whether chi squared is wanted
 */
export function fitTile(
  data: usize,
  dq: usize,
  width: i32,
  diffs: i32,
  constants: usize,
  pairs: usize,
  npairs: i32,
  gain: usize,
  noise: usize,
  dark: usize,
  thresholdOne: f64,
  thresholdTwo: f64,
  squares: bool,
  work: usize,
  out: usize,
): void {
  const row4: usize = (<usize>width) << 2;
  n = diffs;
  scratch = work;
  stride = (<usize>(diffs + 2)) << 4;
  table = constants;
  const zero = f64x2.splat(0);
  const half = f64x2.splat(0.5);
  const middle = n >> 1;
  const below = n & 1 ? middle : middle - 1;
  for (let k: usize = 0; k < <usize>width; k += 2) {
    const k4 = k << 2;
    let used = zero;
    let finite = zero;
    let before = v128.load64_zero(data + k4);
    for (let i = 0; i < n; i++) {
      const now = v128.load64_zero(data + <usize>(i + 1) * row4 + k4);
      const d = f64x2.div(f64x2.promote_low_f32x4(f32x4.sub(now, before)), constant(0, i));
      before = now;
      const q0 = dq + <usize>i * <usize>width + k;
      const q1 = q0 + <usize>width;
      const u = f64x2(flag(q0, 0) * flag(q1, 0), flag(q0, 1) * flag(q1, 1));
      v128.store(at(USE, i), u);
      v128.store(at(SORT, i), d);
      v128.store(at(DIFF, i), f64x2.mul(d, u));
      used = f64x2.add(used, u);
      finite = f64x2.add(finite, f64x2.sub(d, d));
    }
    for (let c = 0; c < npairs; c++) {
      const lo = at(SORT, load<i32>(pairs + ((<usize>c) << 3)));
      const hi = at(SORT, load<i32>(pairs + ((<usize>c) << 3), 4));
      const a = v128.load(lo);
      const b = v128.load(hi);
      v128.store(lo, f64x2.pmin(a, b));
      v128.store(hi, f64x2.pmax(a, b));
    }
    const median = f64x2.mul(f64x2.add(v128.load(at(SORT, middle)), v128.load(at(SORT, below))), half);
    const perGain = f64x2.div(f64x2.splat(1), f64x2.promote_low_f32x4(v128.load64_zero(gain + k4)));
    const r = f64x2.promote_low_f32x4(v128.load64_zero(noise + k4));
    const read = f64x2.mul(f64x2.mul(r, r), half);
    fit(f64x2.mul(f64x2.pmax(zero, median), perGain), read, true, true);
    let ok = quiet(thresholdOne, thresholdTwo);
    const guess = f64x2.add(
      f64x2.pmax(zero, f64x2.div(sumB, sumC)),
      f64x2.promote_low_f32x4(v128.load64_zero(dark + k4)),
    );
    const photons = f64x2.mul(guess, perGain);
    fit(photons, read, false, squares);
    const perC = f64x2.div(f64x2.splat(1), sumC);
    let vp = zero;
    let vr = zero;
    let vp2 = zero;
    let vr2 = zero;
    let w0 = zero;
    for (let i = 0; i < n; i++) {
      const w = f64x2.mul(v128.load(at(D_C, i)), perC);
      const ww = f64x2.mul(w, w);
      vp = madd(ww, constant(1, i), vp);
      vr = madd(ww, constant(2, i), vr);
      if (i > 0) {
        const cross = f64x2.mul(w, w0);
        vp2 = madd(cross, constant(3, i - 1), vp2);
        vr2 = madd(cross, constant(4, i - 1), vr2);
      }
      w0 = w;
    }
    vp = f64x2.mul(photons, f64x2.add(vp, f64x2.add(vp2, vp2)));
    vr = f64x2.mul(read, f64x2.add(vr, f64x2.add(vr2, vr2)));
    const rate = f64x2.mul(sumB, perC);
    const chisq = f64x2.div(f64x2.sub(sumA, f64x2.mul(sumB, rate)), scale);
    const err = f64x2.sqrt(f64x2.mul(scale, perC));
    const sum = f64x2.add(f64x2.add(rate, chisq), f64x2.add(err, f64x2.add(vp, vr)));
    ok = v128.and(ok, v128.and(f64x2.eq(f64x2.sub(sum, sum), zero), f64x2.eq(finite, zero)));
    ok = v128.and(ok, f64x2.gt(used, f64x2.splat(3)));
    const to = out + k4;
    v128.store64_lane(to, f32x4.demote_f64x2_zero(rate), 0);
    v128.store64_lane(to + row4, f32x4.demote_f64x2_zero(err), 0);
    v128.store64_lane(to + 2 * row4, f32x4.demote_f64x2_zero(vp), 0);
    v128.store64_lane(to + 3 * row4, f32x4.demote_f64x2_zero(vr), 0);
    v128.store64_lane(to + 4 * row4, f32x4.demote_f64x2_zero(chisq), 0);
    v128.store64_lane(to + 5 * row4, i8x16.shuffle(ok, ok, 0, 1, 2, 3, 8, 9, 10, 11, 0, 0, 0, 0, 0, 0, 0, 0), 0);
  }
}
