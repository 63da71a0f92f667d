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

/** Pixels whose coefficients and values stay in the cache together; a multiple of 16. */
const RUN = 1024;

/** All groups of a whole run of pixels, through the memory of the SIMD kernel. */
function correctRun(a: LinearityArgs, simd: SimdPolynomial, start: number): void {
  const { data, groupdq, npix } = a;
  const groups = a.nints * a.ngroups;
  for (let g = 0; g < groups; g++) {
    const at = g * npix + start;
    const values = data.subarray(at, at + RUN);
    simd.data.set(values);
    simd.dq.set(groupdq.subarray(at, at + RUN));
    simd.correct();
    values.set(simd.data);
  }
}

/**
 * Linearity correction of the pixels start..end of all groups and integrations, in place.
 * @throws {RangeError} when there are fewer than two coefficients
 */
export function correctPixels(a: LinearityArgs): void {
  const { data, groupdq, pixeldq, zeroframe, refdq, nints, ngroups, npix, ncoeffs } = a;
  if (ncoeffs < 2) throw new RangeError(`a linearity polynomial has 2 or more coefficients, not ${ncoeffs}`);
  const simd =
    a.inverse === null && (a.simd ?? true) && a.end - a.start >= RUN ? simdPolynomial(RUN, ncoeffs) : undefined;
  const c = simd?.c ?? new Float32Array(ncoeffs * RUN);
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
    } else if (simd !== undefined && n === RUN) correctRun(a, simd, s);
    else for (let g = 0; g < nints * ngroups; g++) correctGroup(data, groupdq, g * npix + s, n, c, ncoeffs);
    if (zeroframe !== null) for (let i = 0; i < nints; i++) correctZeroFrame(zeroframe, i * npix + s, n, c, ncoeffs);
  }
}

/** {@link correctPixels} for the executor. */
export const correctPixelsTask: Task<LinearityArgs, void> = defineTask(import.meta.url, "correctPixels", correctPixels);
