import { defineTask, type Task } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { SlidingMedian } from "@calwebb/stats";

/** A series of images and a window that moves along it. */
export interface RollingArgs {
  /** [n][npix] */
  stack: Float32Array;
  n: number;
  npix: number;
  /** Images per window, 2 to n. */
  width: number;
  /** Result, [n][npix]. */
  out: Float64Array;
  start: number;
  end: number;
}

/**
 * Median over a moving window of the pixels start..end; the first and last images have that of the nearest whole window. A window with
 * a NaN gives NaN.
 * @throws {ValidationError} for a window of less than two images or more than there are
 */
export function rollingMedian({ stack, n, npix, width, out, start, end }: RollingArgs): void {
  if (!(width > 1 && width <= n))
    throw new ValidationError(`a rolling window of ${width} images does not fit into ${n}`, {
      got: String(width),
      wanted: `2 to ${n}`,
    });
  const half = width >> 1;
  const last = n - width + half;
  const window = new SlidingMedian(width);
  for (let p = start; p < end; p++) {
    window.clear();
    for (let i = 0; i < width; i++) window.add(stack[i * npix + p]);
    for (let i = 0; ; i++) {
      out[(i + half) * npix + p] = window.median(false);
      if (i + width >= n) break;
      window.remove(stack[i * npix + p]);
      window.add(stack[(i + width) * npix + p]);
    }
    for (let i = 0; i < half; i++) out[i * npix + p] = out[half * npix + p];
    for (let i = last + 1; i < n; i++) out[i * npix + p] = out[last * npix + p];
  }
}

/** {@link rollingMedian} for the executor. */
export const rollingMedianTask: Task<RollingArgs, void> = defineTask(import.meta.url, "rollingMedian", rollingMedian);
