import { defineTask, type Task } from "@calwebb/array";
import { usableCoefficients } from "./kernel/coefficients.js";
import { correctGroup, correctZeroFrame } from "./kernel/polynomial.js";
import { correctAveraged } from "./kernel/reads.js";
import { type SimdPolynomial, simdPolynomial } from "./kernel/simd.js";

export { usableCoefficients } from "./kernel/coefficients.js";
export { correctGroup, correctZeroFrame } from "./kernel/polynomial.js";
export { correctAveraged } from "./kernel/reads.js";
export { type SimdPolynomial, simdPolynomial } from "./kernel/simd.js";

/** A ramp and its linearity reference, cut to the same pixels; all arrays row-major. */
export interface LinearityArgs {
  /** [nints][ngroups][npix], DN; corrected in place. */
  data: Float32Array;
  /** [nints][ngroups][npix] */
  groupdq: Uint8Array;
  /** [npix]; receives the reference DQ and NO_LIN_CORR. */
  pixeldq: Uint32Array;
  /** [nints][npix] or null; corrected in place, zeros stay zero. */
  zeroframe: Float32Array | null;
  /** [ncoeffs][npix], lowest order first. */
  coeffs: Float32Array;
  /** [ninverse][npix] or null: given, groups are corrected frame by frame. */
  inverse: Float32Array | null;
  /** [npix], master flags. */
  refdq: Uint32Array;
  nints: number;
  ngroups: number;
  npix: number;
  ncoeffs: number;
  ninverse: number;
  /** Frames averaged per group; used with `inverse`. */
  nframes: number;
  /** Use the WASM SIMD kernel where there is one (default true); it gives the same numbers. */
  simd?: boolean;
  /** Pixels start..end are processed. */
  start: number;
  end: number;
}

/** Pixels whose coefficients and values stay in the cache together. */
const RUN = 1024;

/** The same for the SIMD kernel: more, because each way through its memory has a price; a multiple of 16. */
const SIMD_RUN = 8192;

/**
 * Linearity correction of the pixels start..end of all groups and integrations, in place.
 * @throws {RangeError} when there are fewer than two coefficients
 */
export function correctPixels(a: LinearityArgs): void {
  if (a.ncoeffs < 2) throw new RangeError(`a linearity polynomial has 2 or more coefficients, not ${a.ncoeffs}`);
  const simd = a.inverse === null && (a.simd ?? true) ? simdPolynomial(SIMD_RUN, a.ncoeffs) : undefined;
  if (simd !== undefined) correctRuns(a, simd);
  else correctPlainRuns(a);
}

/** Run after run through the memory of the SIMD kernel. */
function correctRuns(a: LinearityArgs, simd: SimdPolynomial): void {
  const { data, groupdq, pixeldq, zeroframe, npix, ncoeffs } = a;
  for (let s = a.start; s < a.end; s += simd.run) {
    const n = Math.min(simd.run, a.end - s);
    const through = (values: Float32Array, correct: (n: number) => void): void => {
      simd.data.set(values);
      correct(n);
      values.set(simd.data.subarray(0, n));
    };
    for (let k = 0; k < ncoeffs; k++) simd.c.set(a.coeffs.subarray(k * npix + s, k * npix + s + n), k * simd.run);
    simd.refdq.set(a.refdq.subarray(s, s + n));
    simd.pixeldq.set(pixeldq.subarray(s, s + n));
    simd.usable(n);
    pixeldq.set(simd.pixeldq.subarray(0, n), s);
    for (let at = s; at < data.length; at += npix) {
      simd.dq.set(groupdq.subarray(at, at + n));
      through(data.subarray(at, at + n), simd.correct);
    }
    if (zeroframe === null) continue;
    for (let at = s; at < zeroframe.length; at += npix)
      through(zeroframe.subarray(at, at + n), simd.correctKeepingZero);
  }
}

function correctPlainRuns(a: LinearityArgs): void {
  const { data, groupdq, pixeldq, zeroframe, refdq, nints, ngroups, npix, ncoeffs } = a;
  const c = new Float32Array(ncoeffs * RUN);
  const ci = new Float32Array(a.inverse === null ? 0 : a.ninverse * RUN);
  for (let s = a.start; s < a.end; s += RUN) {
    const e = Math.min(a.end, s + RUN);
    const n = e - s;
    for (let p = s; p < e; p++) pixeldq[p] |= refdq[p];
    usableCoefficients(a.coeffs, refdq, pixeldq, ncoeffs, npix, s, e, c);
    if (a.inverse !== null) {
      usableCoefficients(a.inverse, refdq, pixeldq, a.ninverse, npix, s, e, ci);
      for (let i = 0; i < nints; i++) {
        const from = i * ngroups * npix;
        const size = ngroups * npix;
        correctAveraged(
          data.subarray(from, from + size),
          groupdq.subarray(from, from + size),
          ngroups,
          npix,
          s,
          n,
          c,
          ncoeffs,
          ci,
          a.ninverse,
          a.nframes,
        );
      }
    } else for (let g = 0; g < nints * ngroups; g++) correctGroup(data, groupdq, g * npix + s, n, c, ncoeffs);
    if (zeroframe !== null) for (let i = 0; i < nints; i++) correctZeroFrame(zeroframe, i * npix + s, n, c, ncoeffs);
  }
}

/** {@link correctPixels} for the executor. */
export const correctPixelsTask: Task<LinearityArgs, void> = defineTask(import.meta.url, "correctPixels", correctPixels);
