import { pixel } from "@calwebb/dqflags";

const { DO_NOT_USE } = pixel;

/** An image or a cube and the factor to apply; all arrays have the same number of pixels. */
export interface CalibrateArgs {
  data: Float32Array;
  err: Float32Array;
  /** Those of the variances that exist. */
  variances: readonly Float32Array[];
  /** null when it has another shape. */
  dq: Uint32Array | null;
  factor: number;
  /** What variances are multiplied by: the square of the factor, as rounded by the caller. */
  square: number;
  /** Divide instead. */
  inverse: boolean;
}

function scale(values: Float32Array, factor: number, inverse: boolean, bad: Uint8Array): void {
  if (inverse) for (let i = 0; i < values.length; i++) values[i] /= factor;
  else for (let i = 0; i < values.length; i++) values[i] *= factor;
  // What is NaN in one array is bad in all.
  for (let i = 0; i < values.length; i++) if (Number.isNaN(values[i])) bad[i] = 1;
}

/**
 * Multiply values and errors by the factor and variances by its square, in place; then make them agree on what is invalid: a pixel
 * that is NaN in any array, or DO_NOT_USE, becomes NaN in all and DO_NOT_USE.
 */
export function calibrate({ data, err, variances, dq, factor, square, inverse }: CalibrateArgs): void {
  const bad = new Uint8Array(data.length);
  scale(data, factor, inverse, bad);
  scale(err, factor, inverse, bad);
  for (const variance of variances) scale(variance, square, inverse, bad);
  if (dq !== null)
    for (let i = 0; i < bad.length; i++) {
      if ((dq[i] & DO_NOT_USE) !== 0) bad[i] = 1;
      if (bad[i] !== 0) dq[i] |= DO_NOT_USE;
    }
  for (const values of [data, err, ...variances])
    for (let i = 0; i < bad.length; i++) if (bad[i] !== 0) values[i] = Number.NaN;
}
