import { pixel } from "@calwebb/dqflags";

const NO_LIN_CORR = pixel.NO_LIN_CORR;

/**
 * Gather the coefficients of a run of pixels into `out`, order by order, with the identity polynomial (0, 1, 0, ...) for
 * pixels that have no usable correction: flagged NO_LIN_CORR in the reference, any coefficient NaN, or linear term zero.
 * @param coeffs - reference coefficients, [ncoeffs][npix]; not modified
 * @param refDq - reference DQ in master flags, [npix]
 * @param pixelDq - science PIXELDQ, [npix]; NO_LIN_CORR is added to pixels found unusable here
 * @param out - at least ncoeffs * (end - start) elements, [ncoeffs][end - start]
 */
export function usableCoefficients(
  coeffs: Float32Array,
  refDq: Uint32Array,
  pixelDq: Uint32Array,
  ncoeffs: number,
  npix: number,
  start: number,
  end: number,
  out: Float32Array,
): void {
  const n = end - start;
  for (let k = 0; k < ncoeffs; k++) out.set(coeffs.subarray(k * npix + start, k * npix + end), k * n);
  for (let i = 0; i < n; i++) {
    let bad = false;
    if ((refDq[start + i] & NO_LIN_CORR) === 0) {
      // A sum is NaN when a term is; only then is it worth looking closer (infinities of both signs cancel to NaN too).
      let sum = 0;
      for (let k = 0; k < ncoeffs; k++) sum += out[k * n + i];
      if (Number.isNaN(sum)) for (let k = 0; k < ncoeffs; k++) if (Number.isNaN(out[k * n + i])) bad = true;
      if (out[n + i] === 0) bad = true;
      if (!bad) continue;
      pixelDq[start + i] |= NO_LIN_CORR;
    }
    for (let k = 0; k < ncoeffs; k++) out[k * n + i] = k === 1 ? 1 : 0;
  }
}
