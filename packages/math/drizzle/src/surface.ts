import { allocate } from "@calwebb/array";

/** A surface over a grid of points, ready to be evaluated row by row; see {@link gridSurface}. */
export interface GridSurface {
  /** [my][nx] values on the rows of the grid, at the wanted columns. */
  readonly rows: Float64Array;
  /** [my][nx] their second derivatives from row to row; empty for a piecewise linear surface. */
  readonly bends: Float64Array;
  readonly nx: number;
  readonly my: number;
}

/**
 * Second derivatives of the cubic splines through equally spaced values whose third derivative is continuous at the second and the
 * last but one point ("not a knot"; de Boor 1978, chapter 4), of many series at once.
 * @param values - [n][m], n of at least 4 values of m series, spaced by 1
 * @param out - [n][m]
 */
function curvatures(values: Float64Array, n: number, m: number, out: Float64Array): void {
  // Eliminating the end conditions leaves a tridiagonal system for the inner points with 6 on the first and last diagonal.
  const diagonal = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const edge = i === 1 || i === n - 2;
    // At the last inner point the end condition removes the entry below the diagonal.
    const lower = edge ? 0 : 1;
    const upper = i === 2 ? 0 : 1;
    const factor = i === 1 ? 0 : lower / diagonal[i - 1];
    diagonal[i] = (edge ? 6 : 4) - factor * upper;
    for (let p = i * m; p < (i + 1) * m; p++) {
      const right = 6 * (values[p + m] - 2 * values[p] + values[p - m]);
      out[p] = i === 1 ? right : right - factor * out[p - m];
    }
  }
  for (let i = n - 2; i > 0; i--) {
    const above = i === n - 2 || i === 1 ? 0 : 1;
    for (let p = i * m; p < (i + 1) * m; p++) out[p] = (out[p] - above * out[p + above * m]) / diagonal[i];
  }
  const last = (n - 1) * m;
  for (let k = 0; k < m; k++) {
    out[k] = 2 * out[m + k] - out[2 * m + k];
    out[last + k] = 2 * out[last - m + k] - out[last - 2 * m + k];
  }
}

/**
 * A surface through values on a coarse regular grid, piecewise linear or a not-a-knot cubic spline in both directions.
 * @param coarse - [my][mx]
 * @param xs - wanted columns, in steps of the grid
 * @param order - 1 or 3; 3 needs at least 4 points each way
 */
export function gridSurface(coarse: Float64Array, mx: number, my: number, xs: Float64Array, order: 1 | 3): GridSurface {
  const nx = xs.length;
  // Column by column of the grid, so that all its rows are bent at once.
  const columns = new Float64Array(mx * my);
  for (let l = 0; l < my; l++) for (let k = 0; k < mx; k++) columns[k * my + l] = coarse[l * mx + k];
  const bend = new Float64Array(order === 3 ? mx * my : 0);
  if (order === 3) curvatures(columns, mx, my, bend);
  const rows = allocate("float64", my * nx, "any");
  for (let i = 0; i < nx; i++) {
    const k = cell(xs[i], mx);
    const t = xs[i] - k;
    const s = 1 - t;
    const [a, b] = [s * s * s - s, t * t * t - t];
    for (let l = 0, p = k * my, q = i; l < my; l++, p++, q += nx) {
      let v = s * columns[p] + t * columns[p + my];
      if (order === 3) v += (a * bend[p] + b * bend[p + my]) / 6;
      rows[q] = v;
    }
  }
  const bends = allocate("float64", order === 3 ? my * nx : 0, "any");
  if (order === 3) curvatures(rows, my, nx, bends);
  return { rows, bends, nx, my };
}

/** What is between two rows of a grid: shares of their values, and of their second derivatives. */
export interface Between {
  /** The first of the two rows. */
  row: number;
  s: number;
  t: number;
  a: number;
  b: number;
}

/** Where a row lies. @param y - the row, in steps of a grid of `my` rows */
export function betweenRows(y: number, my: number): Between {
  const row = cell(y, my);
  const t = y - row;
  const s = 1 - t;
  return { row, s, t, a: (s * s * s - s) / 6, b: (t * t * t - t) / 6 };
}

/** One row of a surface, into `out` from element `to` on. @param y - the row, in steps of the grid */
export function surfaceRow({ rows, bends, nx, my }: GridSurface, y: number, out: Float64Array, to: number): void {
  const { row, s, t, a, b } = betweenRows(y, my);
  const p = row * nx;
  const q = p + nx;
  if (bends.length === 0) for (let i = 0; i < nx; i++) out[to + i] = s * rows[p + i] + t * rows[q + i];
  else
    for (let i = 0; i < nx; i++) out[to + i] = s * rows[p + i] + t * rows[q + i] + a * bends[p + i] + b * bends[q + i];
}

/** One value of a row of a surface. */
export function surfaceValue({ rows, bends, nx, my }: GridSurface, y: number, i: number): number {
  const { row, s, t, a, b } = betweenRows(y, my);
  const p = row * nx + i;
  const v = s * rows[p] + t * rows[p + nx];
  return bends.length === 0 ? v : v + a * bends[p] + b * bends[p + nx];
}

/** Cell of a position between n points. */
const cell = (at: number, n: number): number => Math.min(n - 2, Math.max(0, Math.floor(at)));
