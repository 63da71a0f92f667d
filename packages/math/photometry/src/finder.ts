import { middle32 } from "@calwebb/stats";
import { backgroundImages } from "./background.js";
import { convolveKnown, gaussianKernel } from "./convolve.js";
import { daoStars } from "./dao.js";
import { deblendSegments, type ThresholdSpacing } from "./deblend.js";
import { FWHM_TO_SIGMA } from "./gaussian-prf.js";
import { irafStars } from "./iraf.js";
import { type Connectivity, detectSegments, type Segments } from "./segments.js";
import { measureSegments, type SegmentSource } from "./shapes.js";
import type { Star, StarOptions } from "./star-finder.js";

/** How sources are found. */
export interface FinderOptions {
  finder: "dao" | "iraf" | "segmentation";
  /** Threshold in units of the noise of the background. */
  snr: number;
  /** Full width at half maximum of the kernel [pixels]. */
  fwhm: number;
  /** Side of the boxes of the background [pixels]. */
  backgroundBox: number;
  /** Of the star finders. */
  stars: Omit<StarOptions, "threshold" | "fwhm">;
  /** Of the segmentation. */
  npixels: number;
  connectivity: Connectivity;
  nlevels: number;
  contrast: number;
  mode: ThresholdSpacing;
  localWidth: number;
  deblend: boolean;
}

/** What was found; one of the lists is empty. */
export interface Found {
  stars: Star[];
  sources: SegmentSource[];
  segments: Segments | undefined;
}

/** The image less its background, in the memory of the background. */
function subtract(data: Float32Array, background: Float32Array): Float32Array {
  for (let p = 0; p < background.length; p++) background[p] = data[p] - background[p];
  return background;
}

/** Multiply in place. */
function scale(a: Float32Array, factor: number): Float32Array {
  for (let p = 0; p < a.length; p++) a[p] *= factor;
  return a;
}

/** Median of values times a positive factor, rounded as float32 wherever the products would be. */
function scaledMedian(a: Float32Array, factor: number): number {
  const [lower, upper] = middle32(a, a.length).map((v) => Math.fround(v * factor));
  return a.length % 2 === 1 ? upper : Math.fround(Math.fround(lower + upper) / 2);
}

/**
 * Find sources of an image above its own background.
 * @param error - per pixel, for errors of fluxes
 * @param mask - 1 for pixels without data
 * @returns undefined when there is no pixel to take a background from
 */
export function findSources(
  data: Float32Array,
  error: Float32Array | undefined,
  mask: Uint8Array,
  ny: number,
  nx: number,
  options: FinderOptions,
): Found | undefined {
  const sky = backgroundImages(data, mask, ny, nx, options.backgroundBox);
  if (!sky) return undefined;
  const image = subtract(data, sky.background);
  const found: Found = { stars: [], sources: [], segments: undefined };
  if (options.finder !== "segmentation") {
    const find = options.finder === "dao" ? daoStars : irafStars;
    found.stars = find(image, mask, ny, nx, {
      ...options.stars,
      threshold: scaledMedian(sky.rms, options.snr),
      fwhm: options.fwhm,
    });
    return found;
  }
  const threshold = scale(sky.rms, options.snr);
  const smoothed =
    options.fwhm > 0 ? convolveKnown(image, mask, ny, nx, gaussianKernel(options.fwhm * FWHM_TO_SIGMA)) : image;
  let segments = detectSegments(smoothed, threshold, mask, ny, nx, options.npixels, options.connectivity);
  if (segments.count === 0) return found;
  if (options.deblend) segments = deblendSegments(smoothed, segments, nx, options);
  found.segments = segments;
  found.sources = measureSegments(image, smoothed, error, mask, segments, ny, nx, options.localWidth);
  return found;
}
