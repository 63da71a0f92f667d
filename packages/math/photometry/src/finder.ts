import { allocate, recycle } from "@calwebb/array";
import { middle32 } from "@calwebb/stats";
import { backgroundMeshes, meshImage } from "./background.js";
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

/** Memory for two images of the size of that in which sources are found; labels of segments stay in the second. */
export type FinderScratch = readonly [Float32Array, Float32Array];

/**
 * Find sources of an image above its own background.
 * @param error - per pixel, for errors of fluxes
 * @param mask - 1 for pixels without data
 * @param scratch - is overwritten
 * @returns undefined when there is no pixel to take a background from
 */
export function findSources(
  data: Float32Array,
  error: Float32Array | undefined,
  mask: Uint8Array,
  ny: number,
  nx: number,
  options: FinderOptions,
  scratch?: FinderScratch,
): Found | undefined {
  const sky = backgroundMeshes(data, mask, ny, nx, options.backgroundBox);
  if (!sky) return undefined;
  const [first, second] = scratch ?? [allocate("float32", data.length), allocate("float32", data.length)];
  const image = subtract(data, meshImage(sky.levels, sky, mask, ny, nx, first));
  const noise = meshImage(sky.noise, sky, mask, ny, nx, second);
  const found: Found = { stars: [], sources: [], segments: undefined };
  if (options.finder === "segmentation") {
    const threshold = scale(noise, options.snr);
    found.segments = findSegments(image, threshold, mask, ny, nx, options, (smoothed, segments) => {
      found.sources = measureSegments(image, smoothed, error, mask, segments, ny, nx, options.localWidth);
    });
  } else {
    const find = options.finder === "dao" ? daoStars : irafStars;
    const threshold = scaledMedian(noise, options.snr);
    // The noise is done with: its memory takes the convolved image.
    found.stars = find(image, mask, ny, nx, { ...options.stars, threshold, fwhm: options.fwhm }, noise);
  }
  // Labels of segments lie in the second image.
  if (!scratch) recycle(first, ...(found.segments ? [] : [second]));
  return found;
}

/** Segments of an image above a threshold; undefined when there are none. @param measure - takes them with the smoothed image */
function findSegments(
  image: Float32Array,
  threshold: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  options: FinderOptions,
  measure: (smoothed: Float32Array, segments: Segments) => void,
): Segments | undefined {
  const smoothed =
    options.fwhm > 0 ? convolveKnown(image, mask, ny, nx, gaussianKernel(options.fwhm * FWHM_TO_SIGMA)) : image;
  let segments = detectSegments(smoothed, threshold, mask, ny, nx, options.npixels, options.connectivity);
  if (segments.count === 0) return undefined;
  if (options.deblend) segments = deblendSegments(smoothed, segments, nx, options);
  measure(smoothed, segments);
  return segments;
}
