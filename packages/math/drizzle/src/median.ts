import { defineTask, type Task } from "@calwebb/array";

/** A stack of images. */
export interface MedianArgs {
  /** [n][npix] */
  stack: Float32Array;
  n: number;
  npix: number;
  /** Result, [npix]. */
  out: Float32Array;
  start: number;
  end: number;
}

/** Up to so many values are sorted by insertion. */
const FEW = 32;

/** Sort the first n values. */
function sortFew(a: Float32Array, n: number): void {
  for (let i = 1; i < n; i++) {
    const v = a[i];
    let k = i - 1;
    while (k >= 0 && a[k] > v) {
      a[k + 1] = a[k];
      k--;
    }
    a[k + 1] = v;
  }
}

/** Median of the pixels start..end over the stack, NaN left out; NaN where all are NaN. The mean of the middle two in float32. */
export function medianPixels({ stack, n, npix, out, start, end }: MedianArgs): void {
  const values = new Float32Array(n);
  for (let p = start; p < end; p++) {
    let k = 0;
    for (let i = 0, at = p; i < n; i++, at += npix) {
      const v = stack[at];
      if (!Number.isNaN(v)) values[k++] = v;
    }
    if (k === 0) {
      out[p] = Number.NaN;
      continue;
    }
    if (k <= FEW) sortFew(values, k);
    else values.subarray(0, k).sort();
    const h = k >> 1;
    out[p] = k % 2 === 1 ? values[h] : Math.fround(values[h - 1] + values[h]) / 2;
  }
}

/** {@link medianPixels} for the executor. */
export const medianPixelsTask: Task<MedianArgs, void> = defineTask(import.meta.url, "medianPixels", medianPixels);
