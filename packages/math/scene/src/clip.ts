import { sortFloat32 } from "@calwebb/stats";
import { fitGaussian } from "./gaussian.js";
import { clippedStatistics } from "./statistics.js";

/** How far from the background a value may be. */
export interface ClipOptions {
  /** Standard deviations below the centre (default 3). */
  lower?: number;
  /** Standard deviations above the centre (default 2). */
  upper?: number;
  /** Take centre and width from a Gaussian fitted to the histogram. */
  fitHistogram?: boolean;
  /** Take the statistics from the values up to the centre, mirrored at it. */
  lowerHalf?: boolean;
}

/** Clipping of the first look. */
const FIRST_LOOK = 3;

/** Sorted values of an image where the mask is set; values that are not finite are left out. */
export function sampleOf(image: Float32Array, mask: Uint8Array): Float32Array {
  let n = 0;
  for (let p = 0; p < image.length; p++) if (mask[p] !== 0 && Number.isFinite(image[p])) n++;
  const out = new Float32Array(n);
  n = 0;
  for (let p = 0; p < image.length; p++) if (mask[p] !== 0 && Number.isFinite(image[p])) out[n++] = image[p];
  return sortFloat32(out);
}

/** Limits between which a value counts as background; undefined without values. */
export function clipLimits(sorted: Float32Array, options: ClipOptions = {}): [number, number] | undefined {
  const { lower = 3, upper = 2, fitHistogram = false, lowerHalf = false } = options;
  if (sorted.length === 0) return undefined;
  let stats = clippedStatistics(sorted, FIRST_LOOK);
  let centre = fitHistogram ? stats.mean : stats.median;
  let values: ArrayLike<number> = sorted;
  if (lowerHalf) {
    values = mirrored(sorted, centre);
    stats = clippedStatistics(values, FIRST_LOOK);
    centre = fitHistogram ? stats.mean : stats.median;
  }
  let sigma = stats.std;
  if (fitHistogram) {
    const fit = fitGaussian(values, centre, sigma);
    if (fit !== undefined) {
      centre = fit.mean;
      sigma = fit.sigma;
    }
  }
  return [centre - lower * sigma, centre + upper * sigma];
}

/** Sorted values up to the centre, and the same mirrored at it. */
function mirrored(sorted: Float32Array, centre: number): Float64Array {
  let n = sorted.length;
  while (n > 0 && sorted[n - 1] > centre) n--;
  const out = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    out[i] = sorted[i] - centre + centre;
    out[2 * n - 1 - i] = centre - sorted[i] + centre;
  }
  return out;
}

/**
 * Take pixels with signal, and bad ones, out of a mask, in place.
 * @param mask - 1 where a pixel may be background
 */
export function clipMask(image: Float32Array, mask: Uint8Array, options: ClipOptions = {}): void {
  const limits = clipLimits(sampleOf(image, mask), options);
  if (limits === undefined) return;
  const [low, high] = limits;
  for (let p = 0; p < image.length; p++) if (image[p] < low || image[p] > high) mask[p] = 0;
}
