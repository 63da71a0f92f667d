import type { MapExtent, PixelMap } from "./types.js";

/** Range of every row of a pixel map, and how far neighbouring pixels are apart. */
export function mapExtent({ x, y, nx, ny }: PixelMap): MapExtent {
  const rowLow = new Float64Array(ny).fill(Number.POSITIVE_INFINITY);
  const rowHigh = new Float64Array(ny).fill(Number.NEGATIVE_INFINITY);
  let xLow = Number.POSITIVE_INFINITY;
  let xHigh = Number.NEGATIVE_INFINITY;
  let stretch = 0;
  for (let j = 0; j < ny; j++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let p = j * nx, e = p + nx; p < e; p++) {
      const yy = y[p];
      const xx = x[p];
      if (Number.isNaN(yy) || Number.isNaN(xx)) continue;
      if (yy < low) low = yy;
      if (yy > high) high = yy;
      if (xx < xLow) xLow = xx;
      if (xx > xHigh) xHigh = xx;
      if (p + 1 < e) stretch = longer(stretch, x[p + 1] - xx, y[p + 1] - yy);
      if (j + 1 < ny) stretch = longer(stretch, x[p + nx] - xx, y[p + nx] - yy);
    }
    rowLow[j] = low;
    rowHigh[j] = high;
  }
  return { rowLow, rowHigh, xLow, xHigh, stretch };
}

/** The largest of three lengths along an axis; NaN never wins. */
function longer(so: number, dx: number, dy: number): number {
  const a = Math.abs(dx);
  const b = Math.abs(dy);
  const longest = a > so ? a : so;
  return b > longest ? b : longest;
}
