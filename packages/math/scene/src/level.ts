import { clipLimits, clipMask, sampleOf } from "./clip.js";
import { backgroundModel, defaultBox, NoBackgroundError } from "./model.js";

export type BackgroundMethod = "median" | "model";

/** One level, or one value per pixel. */
export type Background = number | Float32Array;

/** Clipping of the first look at the background. */
const CLIP = 3;

/** Take pixels below or above limits out of a mask, in place. */
export function applyLimits(image: Float32Array, mask: Uint8Array, limits: readonly [number, number]): void {
  const [low, high] = limits;
  for (let p = 0; p < image.length; p++) if (image[p] < low || image[p] > high) mask[p] = 0;
}

/** Median of sorted float32 values in float32; NaN for none. */
function middle32(sorted: Float32Array): number {
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  const h = n >> 1;
  return n % 2 === 1 ? sorted[h] : Math.fround(Math.fround(sorted[h - 1] + sorted[h]) / 2);
}

/**
 * Median background. The mask loses pixels with signal first, in place.
 * @returns the level, and the values left in the mask, sorted
 */
export function medianLevel(image: Float32Array, mask: Uint8Array): { level: number; sorted: Float32Array } {
  const sample = sampleOf(image, mask);
  const limits = clipLimits(sample, { lower: CLIP, upper: CLIP, lowerHalf: true });
  if (limits === undefined) return { level: Number.NaN, sorted: sample };
  applyLimits(image, mask, limits);
  let first = 0;
  let end = sample.length;
  while (first < end && sample[first] < limits[0]) first++;
  while (end > first && sample[end - 1] > limits[1]) end--;
  const sorted = sample.subarray(first, end);
  return { level: middle32(sorted), sorted };
}

/**
 * Background of an image. Its mask loses pixels with signal first, in place.
 * @param mask - 1 where a pixel may be background
 * @param box - rows and columns of the boxes of a model; default: up to 32 pixels, dividing the image evenly
 * @returns a level for `median`, an image for `model`; a level when there are too few pixels for a model; NaN without any
 */
export function backgroundLevel(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  method: BackgroundMethod,
  box?: readonly [number, number] | null,
): Background {
  if (method === "median") return medianLevel(image, mask).level;
  clipMask(image, mask, { lower: CLIP, upper: CLIP, lowerHalf: true });
  try {
    return backgroundModel(image, mask, ny, nx, box ?? [defaultBox(ny), defaultBox(nx)]);
  } catch (error) {
    if (!(error instanceof NoBackgroundError)) throw error;
    return middle32(sampleOf(image, mask));
  }
}
