import { defineTask, type Task } from "@calwebb/array";

/** Elements [from, to) of an array and the factor to multiply them by. */
export interface ScalePiece {
  data: Float32Array;
  from: number;
  to: number;
  factor: number;
}

/**
 * Multiply elements of a float32 array by a number, in place; the factor is rounded to float32 first, as an array library
 * with 32-bit arithmetic does.
 */
export function scale({ data, from, to, factor }: ScalePiece): void {
  const f = Math.fround(factor);
  for (let i = from; i < to; i++) data[i] = data[i] * f;
}

export const scaleTask: Task<ScalePiece, void> = defineTask(import.meta.url, "scale", scale);

/**
 * Factor that undoes the wrong divisor of on-board frame averaging: the hardware divides the sum of `nframes` frames by
 * `divisor`, always a power of two.
 * @param nframes - NFRAMES, frames averaged into a group
 * @param divisor - FRMDIVSR, what the sum was divided by
 * @returns the factor, or why there is nothing to do
 */
export function groupFactor(nframes: number | undefined, divisor: number | undefined): number | string {
  if (nframes === undefined || nframes === null) return "NFRAMES value not found";
  if (divisor === undefined || divisor === null)
    return Number.isInteger(nframes) && (nframes & (nframes - 1)) === 0
      ? `NFRAMES=${nframes} is a power of 2; correction not needed`
      : `NFRAMES=${nframes} is not a power of 2 and FRMDIVSR is missing`;
  if (nframes === divisor) return "NFRAMES and FRMDIVSR are equal; correction not needed";
  return divisor / nframes;
}
