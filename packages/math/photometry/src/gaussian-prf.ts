import { boundedLeastSquares } from "@calwebb/minimise";
import type { Box } from "./centroid.js";
import { erf } from "./erf.js";

/** Standard deviation of a Gaussian in terms of its full width at half maximum. */
export const FWHM_TO_SIGMA: number = 1 / (2 * Math.sqrt(2 * Math.log(2)));

/** A Gaussian integrated over pixels. */
export interface GaussianFit {
  flux: number;
  sigmaX: number;
  sigmaY: number;
}

// The limits of the reference implementation. They are absolute, and so fits of faint sources in janskys end early.
const MOST_EVALUATIONS = 100;
const SHORTEST_STEP = 1e-7;

/** Integral of a unit Gaussian over [d - 0.5, d + 0.5]. */
function pixelIntegral(d: number, sigma: number): number {
  return 0.5 * (erf((d + 0.5) / (Math.SQRT2 * sigma)) - erf((d - 0.5) / (Math.SQRT2 * sigma)));
}

/**
 * Least-squares fit of flux and widths of an elliptical Gaussian integrated over pixels, at a fixed centre; the flux stays positive,
 * widths (FWHM) stay between 0 and `size`. The fit ends when its gradient is below 1e-8 in the unit of the data: where the fluxes are
 * small numbers it has not converged by then.
 * @param bad - 1 for pixels to leave out
 * @param level - subtracted from the image
 * @param size - side of the box [pixels]; half of it is the first guess of the FWHM
 * @returns undefined with fewer than three usable pixels, or when their sum is negative
 */
export function fitGaussianPrf(
  data: Float32Array,
  bad: Uint8Array,
  nx: number,
  box: Box,
  level: number,
  x: number,
  y: number,
  size: number,
): GaussianFit | undefined {
  const width = box.x1 - box.x0;
  const height = box.y1 - box.y0;
  const values: number[] = [];
  const columns: number[] = [];
  const rows: number[] = [];
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const at = (box.y0 + j) * nx + box.x0 + i;
      if (bad[at] !== 0) continue;
      values.push(Math.fround(data[at] - level));
      columns.push(i);
      rows.push(j);
    }
  const flux = values.reduce((sum, value) => sum + value, 0);
  if (values.length < 3 || !(flux >= 0)) return undefined;
  const fx = new Float64Array(width);
  const fy = new Float64Array(height);
  const residuals = (p: Float64Array): Float64Array => {
    for (let i = 0; i < width; i++) fx[i] = pixelIntegral(box.x0 + i - x, p[1] * FWHM_TO_SIGMA);
    for (let j = 0; j < height; j++) fy[j] = pixelIntegral(box.y0 + j - y, p[2] * FWHM_TO_SIGMA);
    return Float64Array.from(values, (value, k) => p[0] * fx[columns[k]] * fy[rows[k]] - value);
  };
  const start = [flux, size / 2, size / 2];
  const limits = { xtol: SHORTEST_STEP, evaluations: MOST_EVALUATIONS };
  const { parameters } = boundedLeastSquares(residuals, start, [0, 0, 0], [Infinity, size, size], limits);
  return { flux: parameters[0], sigmaX: parameters[1] * FWHM_TO_SIGMA, sigmaY: parameters[2] * FWHM_TO_SIGMA };
}
