import { group } from "@calwebb/dqflags";
import type { FitPlanes } from "../types.js";
import { type Combination, simdCombination } from "./combination.js";

const f = Math.fround;

/** Median of the finite-or-infinite values among a[0..n), NaN when there is none; single precision. */
function nanMedian(a: Float32Array, n: number): number {
  let m = 0;
  for (let i = 0; i < n; i++) {
    const v = a[i];
    if (Number.isNaN(v)) continue;
    let j = m++;
    for (; j > 0 && a[j - 1] > v; j--) a[j] = a[j - 1];
    a[j] = v;
  }
  if (m === 0) return Number.NaN;
  return m % 2 ? a[m >> 1] : f((a[m >> 1] + a[(m >> 1) - 1]) / 2);
}

/**
 * Average the integrations of likelihood fits. The photon noise of each integration is first scaled to the common rate
 * (starting from the median, twice), so that an integration that came out low by chance does not get more weight.
 * Arithmetic is single precision throughout, as the products are.
 * Pixels start .. end-1 are done.
 * @param rateints - (nints, npix), not modified; @param rate - (npix), filled
 * @param chisq - (nints, npix), or empty; @param chisqSum - (npix), filled, or empty
 * @param simd - use the WASM SIMD kernel where there is one; it gives the same numbers
 */
export function combineIntegrations(
  rateints: FitPlanes,
  nints: number,
  rate: FitPlanes,
  chisq: Float32Array,
  chisqSum: Float32Array,
  start: number,
  end: number,
  simd = true,
): void {
  const npix = rate.slope.length;
  if (nints === 1) {
    rate.slope.set(rateints.slope.subarray(start, end), start);
    rate.dq.set(rateints.dq.subarray(start, end), start);
    rate.varPoisson.set(rateints.varPoisson.subarray(start, end), start);
    rate.varRnoise.set(rateints.varRnoise.subarray(start, end), start);
    rate.err.set(rateints.err.subarray(start, end), start);
    if (chisq.length > 0) chisqSum.set(chisq.subarray(start, end), start);
    return;
  }
  if (chisq.length > 0)
    for (let i = 0; i < nints; i++) for (let p = start; p < end; p++) chisqSum[p] += chisq[i * npix + p];
  const average = pixelAverage(rateints, nints, rate);
  const kernel = simd ? simdCombination(nints) : undefined;
  if (kernel === undefined) for (let p = start; p < end; p++) average(p);
  else for (let p = start; p < end; p += kernel.width) combineTile(kernel, rateints, rate, p, end, average);
}

/** One tile through the memory of the compiled kernel; pixels that it does not know how to average follow one by one. */
function combineTile(
  kernel: Combination,
  rateints: FitPlanes,
  rate: FitPlanes,
  start: number,
  end: number,
  average: (p: number) => void,
): void {
  const { width } = kernel;
  const n = Math.min(width, end - start);
  const npix = rate.slope.length;
  const nints = kernel.slope.length / width;
  for (let i = 0; i < nints; i++) {
    const from = i * npix + start;
    kernel.slope.set(rateints.slope.subarray(from, from + n), i * width);
    kernel.varPoisson.set(rateints.varPoisson.subarray(from, from + n), i * width);
    kernel.varRnoise.set(rateints.varRnoise.subarray(from, from + n), i * width);
    kernel.dq.set(rateints.dq.subarray(from, from + n), i * width);
  }
  kernel.run(n);
  const row = (r: number): Float32Array => kernel.out.subarray(r * width, r * width + n);
  rate.slope.set(row(0), start);
  rate.varPoisson.set(row(1), start);
  rate.varRnoise.set(row(2), start);
  rate.err.set(row(3), start);
  rate.dq.set(kernel.flags.subarray(0, n), start);
  for (let k = 0; k < n; k++) if (kernel.odd[k] !== 0) average(start + k);
}

/** Averages one pixel. */
function pixelAverage(rateints: FitPlanes, nints: number, rate: FitPlanes): (p: number) => void {
  const npix = rate.slope.length;
  const { slope: slopes, dq, varPoisson, varRnoise } = rateints;
  const data = new Float32Array(nints);
  const vp = new Float32Array(nints);
  const weight = new Float32Array(nints);
  return (p) => {
    let flags = 0;
    let unusable = group.DO_NOT_USE as number;
    for (let i = 0; i < nints; i++) {
      const at = i * npix + p;
      flags |= dq[at];
      unusable &= dq[at];
      data[i] = slopes[at];
    }
    rate.dq[p] = (flags & ~group.DO_NOT_USE) | unusable;
    let slope = nanMedian(data, nints);
    for (let round = 0; round < 2; round++) {
      let sum = 0;
      for (let i = 0; i < nints; i++) {
        const at = i * npix + p;
        let scale = f(slope / slopes[at]);
        if (!Number.isFinite(scale) || scale < 0) scale = 0;
        vp[i] = varPoisson[at] * scale;
        weight[i] = 1 / f(vp[i] + varRnoise[at]);
        if (!Number.isNaN(weight[i])) sum = f(sum + weight[i]);
      }
      let next = 0;
      let known = false;
      for (let i = 0; i < nints; i++) {
        weight[i] /= sum;
        const term = f(slopes[i * npix + p] * weight[i]);
        if (Number.isNaN(term)) continue;
        known = true;
        next = f(next + term);
      }
      slope = known ? next : Number.NaN;
    }
    let poisson = 0;
    let read = 0;
    let anyPoisson = false;
    let anyRead = false;
    for (let i = 0; i < nints; i++) {
      const w2 = f(weight[i] * weight[i]);
      const tp = f(vp[i] * w2);
      const tr = f(varRnoise[i * npix + p] * w2);
      if (!Number.isNaN(tp)) {
        anyPoisson = true;
        poisson = f(poisson + tp);
      }
      if (!Number.isNaN(tr)) {
        anyRead = true;
        read = f(read + tr);
      }
    }
    rate.slope[p] = slope;
    rate.varPoisson[p] = anyPoisson ? poisson : Number.NaN;
    rate.varRnoise[p] = anyRead ? read : Number.NaN;
    rate.err[p] = Math.sqrt(f(rate.varPoisson[p] + rate.varRnoise[p]));
  };
}
