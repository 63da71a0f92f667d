/**
 * Signal over noise in float32.
 * @param sci - overwritten with the ratio
 */
export function signalToNoise(sci: Float32Array, err: Float32Array): void {
  for (let i = 0; i < sci.length; i++) sci[i] /= err[i];
}

/** Noise as a function of the distance from the centre. */
export interface ContrastCurve {
  /** Middle of each annulus [pixel]. */
  readonly radius: Float32Array;
  /** Standard deviation in each annulus. */
  readonly sigma: Float32Array;
}

/** Half of a side, to the nearest whole number (halves to the even one), less one: the index of the centre. */
function centre(n: number): number {
  const half = n / 2;
  const floor = Math.floor(half);
  return (half === floor || floor % 2 === 0 ? floor : floor + 1) - 1;
}

/**
 * Standard deviation of the values in annuli around the centre of an image; a pixel belongs to the annulus that its centre is in,
 * values that are not numbers to none.
 * @param data - [ny][nx]
 * @param width - of the annuli [pixel]
 */
export function contrastCurve(data: Float32Array, ny: number, nx: number, width: number): ContrastCurve {
  const row = centre(ny);
  const column = centre(nx);
  const count = Math.max(0, Math.ceil(Math.min(row, column) / width));
  const values: number[][] = Array.from({ length: count }, () => []);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const annulus = Math.floor(Math.sqrt((y - row) ** 2 + (x - column) ** 2) / width);
      const value = data[y * nx + x];
      if (annulus < count && !Number.isNaN(value)) values[annulus].push(value);
    }
  return {
    radius: Float32Array.from({ length: count }, (_, k) => (k + 0.5) * width),
    sigma: Float32Array.from(values, deviation),
  };
}

function deviation(values: readonly number[]): number {
  let sum = 0;
  for (const v of values) sum += v;
  const mean = sum / values.length;
  let squares = 0;
  for (const v of values) squares += (v - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
