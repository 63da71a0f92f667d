import type { MapExtent, PixelMap } from "./types.js";

/** Ranges of the rows of a pixel map, one added after the other. */
export class RowExtents {
  private readonly rowLow: Float64Array;
  private readonly rowHigh: Float64Array;
  private rows = 0;
  private xLow = Number.POSITIVE_INFINITY;
  private xHigh = Number.NEGATIVE_INFINITY;
  private stretch = 0;
  private readonly nx: number;
  private before: readonly [x: Float64Array, y: Float64Array] | undefined;

  /** @param ny - rows that will be added */
  constructor(nx: number, ny: number) {
    this.nx = nx;
    this.rowLow = new Float64Array(ny);
    this.rowHigh = new Float64Array(ny);
  }

  /** Say which row comes before the first one. */
  follow(x: Float64Array, y: Float64Array): void {
    this.before = [x, y];
  }

  /** Add the next row; its arrays must stay as they are until the one after it has been added. */
  add(x: Float64Array, y: Float64Array): void {
    const { nx, before = [x, y] } = this;
    const [ux, uy] = before;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let { xLow, xHigh, stretch } = this;
    for (let i = 0; i < nx; i++) {
      const yy = y[i];
      const xx = x[i];
      if (!(xx - yy >= 0 || xx - yy < 0)) continue;
      if (yy < low) low = yy;
      if (yy > high) high = yy;
      if (xx < xLow) xLow = xx;
      if (xx > xHigh) xHigh = xx;
      // Steps to the pixel before and to that of the row before; NaN never wins.
      const left = i > 0 ? i - 1 : 0;
      const a = Math.abs(xx - x[left]);
      const b = Math.abs(yy - y[left]);
      const c = Math.abs(xx - ux[i]);
      const d = Math.abs(yy - uy[i]);
      if (a > stretch) stretch = a;
      if (b > stretch) stretch = b;
      if (c > stretch) stretch = c;
      if (d > stretch) stretch = d;
    }
    this.rowLow[this.rows] = low;
    this.rowHigh[this.rows++] = high;
    this.xLow = xLow;
    this.xHigh = xHigh;
    this.stretch = stretch;
    this.before = [x, y];
  }

  result(): MapExtent {
    const { rowLow, rowHigh, xLow, xHigh, stretch } = this;
    return { rowLow, rowHigh, xLow, xHigh, stretch };
  }
}

/** Range of every row of a pixel map, and how far neighbouring pixels are apart. */
export function mapExtent({ x, y, nx, ny }: PixelMap): MapExtent {
  const extents = new RowExtents(nx, ny);
  for (let p = 0; p < ny * nx; p += nx) extents.add(x.subarray(p, p + nx), y.subarray(p, p + nx));
  return extents.result();
}

/** The extent of rows that follow each other, from those of parts of them. */
export function joinExtents(parts: readonly MapExtent[]): MapExtent {
  const rows = (of: (e: MapExtent) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((part) => [...of(part)]));
  return {
    rowLow: rows((e) => e.rowLow),
    rowHigh: rows((e) => e.rowHigh),
    xLow: Math.min(...parts.map((e) => e.xLow)),
    xHigh: Math.max(...parts.map((e) => e.xHigh)),
    stretch: Math.max(0, ...parts.map((e) => e.stretch)),
  };
}
