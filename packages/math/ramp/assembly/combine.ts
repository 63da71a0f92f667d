// The average of the integrations of likelihood fits, four pixels at a time and rounded as src/likelihood/combine.ts does: float32 after every
// operation. Memory is laid out by the caller; offsets are in bytes, rows are `stride` elements apart.

function fall(v: v128): v128 {
  return v128.and(v, f32x4.eq(v, v));
}

/**
 * @param n - pixels, a multiple of 4
 * @param slopes, poisson, read - f32 rows, one per integration; @param dq - u32 rows
 * @param pairs - i32 pairs of integrations to put in order, so that the middle of the slopes comes to its place
 * @param scratch - 3 nints vectors
 * @param out - rows: slope, var_P, var_R, error (f32), flags (u32), not 0 where a slope is NaN and nothing else here holds
 */
export function combine(
  nints: i32,
  n: i32,
  stride: i32,
  slopes: usize,
  poisson: usize,
  read: usize,
  dq: usize,
  pairs: usize,
  npairs: i32,
  scratch: usize,
  out: usize,
): void {
  const row: usize = (<usize>stride) << 2;
  const end: usize = (<usize>nints) << 4;
  const sorted = scratch;
  const vps = scratch + end;
  const weights = vps + end;
  const zero = f32x4.splat(0);
  const infinity = f32x4.splat(f32.POSITIVE_INFINITY);
  const unknown = f32x4.splat(f32.NaN);
  const unusable = i32x4.splat(1);
  const middle: usize = (<usize>(nints >> 1)) << 4;
  const below: usize = nints & 1 ? middle : middle - 16;
  for (let k: usize = 0; k < (<usize>n) << 2; k += 16) {
    let any = zero;
    let all = unusable;
    let odd = zero;
    for (let i: usize = 0, at = k; i < end; i += 16, at += row) {
      const q = v128.load(dq + at);
      any = v128.or(any, q);
      all = v128.and(all, q);
      const s = v128.load(slopes + at);
      odd = v128.or(odd, f32x4.ne(s, s));
      v128.store(sorted + i, s);
    }
    for (let c = 0; c < npairs; c++) {
      const lo = sorted + ((<usize>load<i32>(pairs + ((<usize>c) << 3))) << 4);
      const hi = sorted + ((<usize>load<i32>(pairs + ((<usize>c) << 3), 4)) << 4);
      const a = v128.load(lo);
      const b = v128.load(hi);
      v128.store(lo, f32x4.pmin(a, b));
      v128.store(hi, f32x4.pmax(a, b));
    }
    let slope = v128.load(sorted + middle);
    if (below !== middle) slope = f32x4.mul(f32x4.add(slope, v128.load(sorted + below)), f32x4.splat(0.5));
    for (let round = 0; round < 2; round++) {
      let sum = zero;
      for (let i: usize = 0, at = k; i < end; i += 16, at += row) {
        let scale = f32x4.div(slope, v128.load(slopes + at));
        scale = v128.and(scale, v128.and(f32x4.lt(f32x4.abs(scale), infinity), f32x4.ge(scale, zero)));
        const vp = f32x4.mul(v128.load(poisson + at), scale);
        const w = f32x4.div(f32x4.splat(1), f32x4.add(vp, v128.load(read + at)));
        v128.store(vps + i, vp);
        v128.store(weights + i, w);
        sum = f32x4.add(sum, fall(w));
      }
      let next = zero;
      let known = zero;
      for (let i: usize = 0, at = k; i < end; i += 16, at += row) {
        const w = f32x4.div(v128.load(weights + i), sum);
        v128.store(weights + i, w);
        const term = f32x4.mul(v128.load(slopes + at), w);
        known = v128.or(known, f32x4.eq(term, term));
        next = f32x4.add(next, fall(term));
      }
      slope = v128.bitselect(next, unknown, known);
    }
    let sumP = zero;
    let sumR = zero;
    let anyP = zero;
    let anyR = zero;
    for (let i: usize = 0, at = k; i < end; i += 16, at += row) {
      const w = v128.load(weights + i);
      const ww = f32x4.mul(w, w);
      const p = f32x4.mul(v128.load(vps + i), ww);
      const r = f32x4.mul(v128.load(read + at), ww);
      anyP = v128.or(anyP, f32x4.eq(p, p));
      anyR = v128.or(anyR, f32x4.eq(r, r));
      sumP = f32x4.add(sumP, fall(p));
      sumR = f32x4.add(sumR, fall(r));
    }
    sumP = v128.bitselect(sumP, unknown, anyP);
    sumR = v128.bitselect(sumR, unknown, anyR);
    const to = out + k;
    v128.store(to, slope);
    v128.store(to + row, sumP);
    v128.store(to + 2 * row, sumR);
    v128.store(to + 3 * row, f32x4.sqrt(f32x4.add(sumP, sumR)));
    v128.store(to + 4 * row, v128.or(v128.andnot(any, unusable), all));
    v128.store(to + 5 * row, odd);
  }
}
