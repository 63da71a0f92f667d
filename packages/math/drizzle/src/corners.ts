import type { PositionRows } from "./positions.js";

/**
 * Position of a point between pixel centres, bilinear between the four next ones and continued beyond the edges; NaN where one of
 * them has no position.
 * @param a, b - the two rows of pixels
 * @param v - how far from the first row
 */
function between(a: Float64Array, b: Float64Array, x: number, v: number): number {
  const i = Math.max(0, Math.min(Math.trunc(x), a.length - 2));
  const u = x - i;
  return a[i] * (1 - u) * (1 - v) + a[i + 1] * u * (1 - v) + b[i] * (1 - u) * v + b[i + 1] * u * v;
}

/** Means of neighbouring pixels of two rows; the first goes to element 1. */
export type Means = (a: Float64Array, b: Float64Array, out: Float64Array) => void;

/** Corners of the drops of one row of pixels after the other. Drops that touch (`half` 0.5) share their corners. */
export class Corners {
  /** x of the four corners of a drop, then y; upper left, upper right, lower right, lower left. */
  readonly at: Float64Array = new Float64Array(8);
  /** Corners per pixel along an edge of a row. */
  readonly stride: 1 | 2;
  private readonly rows: PositionRows;
  private readonly half: number;
  private readonly means: Means;
  private row = -2;
  private lower: Float64Array[];
  private upper: Float64Array[];

  /**
   * @param half - half the side of a drop in input pixels
   * @param room - gives the four arrays of `n` numbers that the corners of a row are kept in
   */
  constructor(
    rows: PositionRows,
    half: number,
    room: (n: number, k: number) => Float64Array = (n) => new Float64Array(n),
    means: Means = meansOf,
  ) {
    this.rows = rows;
    this.half = half;
    this.means = means;
    this.stride = half === 0.5 ? 1 : 2;
    const width = Corners.width(rows.nx, half);
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
    const { rows, half } = this;
    const j = Math.max(0, Math.min(Math.trunc(y), rows.ny - 2));
    const [a, b] = [rows.row(j), rows.row(j + 1)];
    const n = xs.length;
    const set = (k: number, x: number): void => {
      xs[k] = between(a.x, b.x, x, y - j);
      ys[k] = between(a.y, b.y, x, y - j);
    };
    if (half === 0.5 && y > 0 && y < rows.ny - 1) {
      // Between four pixels; only the ends of the row lie outside.
      this.means(a.x, b.x, xs);
      this.means(a.y, b.y, ys);
      set(0, -0.5);
      set(n - 1, n - 1.5);
      return;
    }
    for (let k = 0; k < n; k++) set(k, half === 0.5 ? k - 0.5 : (k >> 1) + (k & 1 ? half : -half));
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

function meansOf(a: Float64Array, b: Float64Array, out: Float64Array): void {
  for (let k = 1; k < a.length; k++) out[k] = 0.25 * (a[k - 1] + a[k] + b[k - 1] + b[k]);
}

/** Signed area of the quadrilateral. */
export function quadArea(c: Float64Array): number {
  return 0.5 * ((c[1] - c[3]) * (c[4] - c[6]) - (c[0] - c[2]) * (c[5] - c[7]));
}
