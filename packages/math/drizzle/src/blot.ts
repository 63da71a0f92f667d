/** An image and where the pixels of another one lie on it. */
export interface BlotArgs {
  /** [sny][snx] image to take values from. */
  image: Float32Array;
  snx: number;
  sny: number;
  /** Positions of the pixels of the result on the image. */
  x: Float64Array;
  y: Float64Array;
  /** Result. */
  out: Float32Array;
  /** Value of pixels that lie outside the image. */
  fill: number;
  /** Pixels start..end of the result. */
  start: number;
  end: number;
}

/** Bilinear interpolation of an image at the positions start..end, in float32; a pixel without position lies outside. */
export function blotPixels(a: BlotArgs): void {
  const { image, snx, sny, x, y, out, fill } = a;
  for (let p = a.start; p < a.end; p++) {
    const xx = Math.fround(x[p]);
    const yy = Math.fround(y[p]);
    if (!(xx >= 0 && xx < snx && yy >= 0 && yy < sny)) {
      out[p] = fill;
      continue;
    }
    const i = Math.trunc(xx);
    const j = Math.trunc(yy);
    const s = Math.fround(xx - i);
    const t = Math.fround(yy - j);
    const q = j * snx + i;
    const lastColumn = i === snx - 1;
    const lastRow = j === sny - 1;
    if (lastColumn && lastRow) out[p] = image[q];
    else if (lastColumn) out[p] = Math.fround((1 - t) * image[q]) + Math.fround(t * image[q + snx]);
    else if (lastRow) out[p] = Math.fround((1 - s) * image[q]) + Math.fround(s * image[q + 1]);
    else {
      const s1 = Math.fround(1 - s);
      const t1 = Math.fround(1 - t);
      const sum = Math.fround(
        Math.fround(Math.fround(s1 * t1) * image[q]) + Math.fround(Math.fround(s * t1) * image[q + 1]),
      );
      const more = Math.fround(sum + Math.fround(Math.fround(t * s1) * image[q + snx]));
      out[p] = more + Math.fround(Math.fround(s * t) * image[q + snx + 1]);
    }
  }
}
