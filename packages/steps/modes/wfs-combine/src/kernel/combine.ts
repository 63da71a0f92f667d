/** Bit of a pixel that is not used. */
const DO_NOT_USE = 1;

/** Arrays of one image, [ny][nx]. */
export interface CombineImage {
  data: Float32Array;
  dq: Uint32Array;
  err: Float32Array;
}

/** out(y, x) = input(y + dy, x + dx), 0 where there is nothing. */
export function shiftImage<T extends Float32Array | Uint32Array>(
  input: T,
  out: T,
  ny: number,
  nx: number,
  dx: number,
  dy: number,
): void {
  out.fill(0);
  for (let y = Math.max(0, -dy); y < Math.min(ny, ny - dy); y++)
    for (let x = Math.max(0, -dx); x < Math.min(nx, nx - dx); x++) out[y * nx + x] = input[(y + dy) * nx + x + dx];
}

/**
 * Combine two aligned images: the mean of pixels that are good in both, the good one of the others, 0 where both are bad.
 * @param a - overwritten with the result; DQ of pixels that are good only in `b` is that of `b`
 */
export function combine(a: CombineImage, b: CombineImage): void {
  const f = Math.fround;
  for (let i = 0; i < a.data.length; i++) {
    const badA = (a.dq[i] & DO_NOT_USE) !== 0;
    const badB = (b.dq[i] & DO_NOT_USE) !== 0;
    if (badA && badB) {
      a.data[i] = 0;
      a.err[i] = 0;
    } else if (badA) {
      a.data[i] = b.data[i];
      a.err[i] = b.err[i];
      a.dq[i] = b.dq[i];
    } else if (!badB) {
      a.data[i] = 0.5 * (a.data[i] + b.data[i]);
      a.err[i] = 0.5 * f(a.err[i] + b.err[i]);
    }
  }
}
