import type { PixelMap } from "./types.js";

/**
 * Position of a point between pixel centres, bilinear between the four next ones and continued beyond the edges; NaN where one of
 * them has no position.
 */
export function between(values: Float64Array, nx: number, ny: number, x: number, y: number): number {
  let i = Math.trunc(x);
  let j = Math.trunc(y);
  i = i < 0 ? 0 : Math.min(i, nx - 2);
  j = j < 0 ? 0 : Math.min(j, ny - 2);
  const u = x - i;
  const v = y - j;
  const p = j * nx + i;
  return (
    values[p] * (1 - u) * (1 - v) +
    values[p + 1] * u * (1 - v) +
    values[p + nx] * (1 - u) * v +
    values[p + nx + 1] * u * v
  );
}

/** Corners of the drops of one row of pixels after the other. Drops that touch (`half` 0.5) share their corners. */
export class Corners {
  /** x of the four corners of a drop, then y; upper left, upper right, lower right, lower left. */
  readonly at: Float64Array = new Float64Array(8);
  /** Corners per pixel along an edge of a row. */
  readonly stride: 1 | 2;
  private readonly map: PixelMap;
  private readonly half: number;
  private row = -2;
  private lower: Float64Array[];
  private upper: Float64Array[];

  /**
   * @param half - half the side of a drop in input pixels
   * @param room - gives the four arrays of `n` numbers that the corners of a row are kept in
   */
  constructor(map: PixelMap, half: number, room: (n: number, k: number) => Float64Array = (n) => new Float64Array(n)) {
    this.map = map;
    this.half = half;
    this.stride = half === 0.5 ? 1 : 2;
    const width = Corners.width(map.nx, half);
    this.lower = [room(width, 0), room(width, 1)];
    this.upper = [room(width, 2), room(width, 3)];
  }

  /** Corners along an edge of a row of `nx` pixels. */
  static width(nx: number, half: number): number {
    return half === 0.5 ? nx + 1 : 2 * nx;
  }

  /** Where the corners of the row begin in their buffers [byte]: x and y of the upper edge, x and y of the lower one. */
  get offsets(): [number, number, number, number] {
    const [[lx, ly], [ux, uy]] = [this.lower, this.upper];
    return [ux.byteOffset, uy.byteOffset, lx.byteOffset, ly.byteOffset];
  }

  /** Get ready for a row of the input. */
  start(row: number): void {
    if (row === this.row) return;
    if (this.half === 0.5 && row === this.row + 1) [this.lower, this.upper] = [this.upper, this.lower];
    else this.fill(this.lower, row - this.half);
    this.fill(this.upper, row + this.half);
    this.row = row;
  }

  private fill([xs, ys]: Float64Array[], y: number): void {
    const { map, half } = this;
    const { nx, ny } = map;
    const n = xs.length;
    if (half === 0.5 && y > 0 && y < ny - 1) {
      // Between four pixels; only the ends of the row lie outside.
      means(map.x, Math.trunc(y) * nx, nx, xs);
      means(map.y, Math.trunc(y) * nx, nx, ys);
      for (const k of [0, n - 1]) {
        xs[k] = between(map.x, nx, ny, k - 0.5, y);
        ys[k] = between(map.y, nx, ny, k - 0.5, y);
      }
      return;
    }
    for (let k = 0; k < n; k++) {
      const x = half === 0.5 ? k - 0.5 : (k >> 1) + (k & 1 ? half : -half);
      xs[k] = between(map.x, nx, ny, x, y);
      ys[k] = between(map.y, nx, ny, x, y);
    }
  }

  /** Put the corners of the drop of one pixel of the row into {@link at}; whether it has a position. */
  pixel(column: number): boolean {
    const left = this.stride * column;
    const right = left + 1;
    const { at, upper, lower } = this;
    at[0] = upper[0][left];
    at[1] = upper[0][right];
    at[2] = lower[0][right];
    at[3] = lower[0][left];
    at[4] = upper[1][left];
    at[5] = upper[1][right];
    at[6] = lower[1][right];
    at[7] = lower[1][left];
    const sum = at[0] + at[1] + at[2] + at[3] + at[4] + at[5] + at[6] + at[7];
    return sum - sum === 0;
  }
}

/** Means of neighbouring pixels of a row that begins at `start` and the next one; the first goes to element 1. */
function means(values: Float64Array, start: number, nx: number, out: Float64Array): void {
  for (let k = 1, p = start + 1; k < nx; k++, p++)
    out[k] = 0.25 * (values[p - 1] + values[p] + values[p + nx - 1] + values[p + nx]);
}

/** Signed area of the quadrilateral. */
export function quadArea(c: Float64Array): number {
  return 0.5 * ((c[1] - c[3]) * (c[4] - c[6]) - (c[0] - c[2]) * (c[5] - c[7]));
}
