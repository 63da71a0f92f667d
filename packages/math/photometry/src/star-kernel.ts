import { FWHM_TO_SIGMA } from "./gaussian-prf.js";

/** The kernel of DAOFIND and of IRAF's starfind: a truncated Gaussian, lowered to sum zero. */
export interface StarKernel {
  fwhm: number;
  sigma: number;
  size: number;
  /** The lowered Gaussian. */
  values: Float64Array;
  /** 1 inside the truncation radius. */
  mask: Uint8Array;
  /** Pixels inside. */
  npixels: number;
  /** The Gaussian with peak 1, not truncated. */
  gaussian: Float64Array;
  /** Noise of the convolved image in units of that of the image. */
  relativeError: number;
}

/**
 * @param fwhm - full width at half maximum [pixels]
 * @param sigmaRadius - truncation radius in standard deviations; at least 2 pixels
 */
export function starKernel(fwhm: number, sigmaRadius: number): StarKernel {
  const sigma = fwhm * FWHM_TO_SIGMA;
  const a = 1 / (2 * sigma * sigma);
  const limit = sigmaRadius ** 2 / 2;
  const radius = Math.trunc(Math.max(2, Math.sqrt((a * limit) / (a * a))));
  const size = 2 * radius + 1;
  const gaussian = new Float64Array(size * size);
  const mask = new Uint8Array(size * size);
  let npixels = 0;
  let sum = 0;
  let squares = 0;
  for (let p = 0; p < size * size; p++) {
    const dx = (p % size) - radius;
    const dy = Math.floor(p / size) - radius;
    const exponent = a * dx * dx + a * dy * dy;
    gaussian[p] = Math.exp(-exponent);
    if (!(exponent <= limit || Math.sqrt(dx * dx + dy * dy) <= 2)) continue;
    mask[p] = 1;
    npixels++;
    sum += gaussian[p];
    squares += gaussian[p] ** 2;
  }
  const norm = squares - sum ** 2 / npixels;
  const values = gaussian.map((g, p) => (mask[p] !== 0 ? (g - sum / npixels) / norm : 0));
  return { fwhm, sigma, size, values, mask, npixels, gaussian, relativeError: 1 / Math.sqrt(norm) };
}
