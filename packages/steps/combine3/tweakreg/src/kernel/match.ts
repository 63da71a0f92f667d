import { pseudoInverse } from "@calwebb/linalg";

/** Positions in a plane [arcsec]. */
export interface Points {
  x: Float64Array;
  y: Float64Array;
}

/** Pairs of indexes that belong together. */
export interface Matches {
  reference: number[];
  image: number[];
}

/** How catalogs are matched; lengths in arcsec. */
export interface MatchOptions {
  searchRadius: number;
  separation: number;
  tolerance: number;
  histogram: boolean;
  xoffset: number;
  yoffset: number;
}

/** Side of the box around the highest bin. */
const FIT_BOX = 5;

/** Position of the peak of a histogram: the top of a paraboloid through the bins around the highest one, else their centre of mass. */
export function histogramPeak(bins: Float64Array, n: number): [number, number] {
  let top = 0;
  for (let p = 1; p < bins.length; p++) if (bins[p] > bins[top]) top = p;
  const [tx, ty] = [top % n, Math.floor(top / n)];
  const half = FIT_BOX >> 1;
  const range = (t: number): [number, number] => {
    const first = Math.max(0, t - half);
    return [first, Math.min(n, first + FIT_BOX)];
  };
  let [x1, x2] = range(tx);
  let [y1, y2] = range(ty);
  if (tx === x1 || tx === x2 - 1 || ty === y1 || ty === y2 - 1) return [tx, ty];
  // At the far edge the box is as large as elsewhere.
  if (x2 - x1 < FIT_BOX) x1 = Math.max(0, x2 - FIT_BOX);
  if (y2 - y1 < FIT_BOX) y1 = Math.max(0, y2 - FIT_BOX);
  const rows: number[][] = [];
  const values: number[] = [];
  for (let y = y1; y < y2; y++)
    for (let x = x1; x < x2; x++) {
      if (bins[y * n + x] <= 0) continue;
      const [u, v] = [x - x1 + 1, y - y1 + 1];
      rows.push([1, u, v, u * v, u * u, v * v]);
      values.push(bins[y * n + x]);
    }
  const total = values.reduce((a, b) => a + b, 0);
  const mass = (k: 1 | 2): number => rows.reduce((sum, row, i) => sum + row[k] * values[i], 0) / total;
  const centre: [number, number] = [x1 + mass(1) - 1, y1 + mass(2) - 1];
  const m = values.length;
  if (m < 6) return centre;
  // The solution of least norm where the bins do not decide.
  const inverse = pseudoInverse(Float64Array.from(rows.flat()), m, 6, m * Number.EPSILON);
  const c = Array.from({ length: 6 }, (_, i) => values.reduce((sum, v, k) => sum + inverse[i * m + k] * v, 0));
  const [, c10, c01, c11, c20, c02] = c;
  const det = 4 * c02 * c20 - c11 * c11;
  if (det <= 0 || c20 > 0) return centre;
  const x = x1 - 1 + (c01 * c11 - 2 * c02 * c10) / det;
  const y = y1 - 1 + (c10 * c11 - 2 * c01 * c20) / det;
  return x >= x1 && x <= x2 - 1 && y >= y1 && y <= y2 - 1 ? [x, y] : centre;
}

/**
 * Offset image - reference from a histogram of all differences within a radius.
 * @param scale - size of a bin, that of a pixel [arcsec]
 */
export function histogramOffset(image: Points, reference: Points, radius: number, scale: number): [number, number] {
  const r = radius / scale;
  const whole = Math.ceil(r);
  const n = 2 * whole + 1;
  const bins = new Float64Array(n * n);
  let any = false;
  for (let i = 0; i < image.x.length; i++)
    for (let k = 0; k < reference.x.length; k++) {
      const dx = (image.x[i] - reference.x[k]) / scale;
      const dy = (image.y[i] - reference.y[k]) / scale;
      if (!(dx < r + 0.5 && dx >= -r - 0.5 && dy < r + 0.5 && dy >= -r - 0.5)) continue;
      bins[Math.floor(dy + whole + 0.5) * n + Math.floor(dx + whole + 0.5)]++;
      any = true;
    }
  if (!any) return [0, 0];
  const [x, y] = histogramPeak(bins, n);
  return [scale * x - radius, scale * y - radius];
}

/** Indexes in the order of y, then x, without points nearer than a distance to an earlier one. */
function apart({ x, y }: Points, distance: number): number[] {
  const order = Array.from(x, (_, i) => i).sort((a, b) => y[a] - y[b] || x[a] - x[b]);
  const dropped = new Set<number>();
  for (let i = 0; i < order.length; i++) {
    const a = order[i];
    if (dropped.has(a)) continue;
    for (let k = i + 1; k < order.length; k++) {
      const b = order[k];
      const dy = y[b] - y[a];
      if (dy > distance) break;
      if ((x[b] - x[a]) ** 2 + dy * dy <= distance * distance) dropped.add(b);
    }
  }
  return order.filter((i) => !dropped.has(i));
}

/**
 * Match two catalogs in a plane: points nearer than `separation` to another are left out, and each reference takes the nearest source of the
 * image within `tolerance`, after the image has been moved by an offset. The way of IRAF's xyxymatch.
 */
export function matchPoints(image: Points, reference: Points, scale: number, options: MatchOptions): Matches {
  const [ox, oy] = options.histogram
    ? histogramOffset(image, reference, options.searchRadius, scale)
    : [options.xoffset, options.yoffset];
  const moved = { x: image.x.map((v) => v - ox), y: image.y.map((v) => v - oy) };
  const sources = apart(moved, options.separation);
  const out: Matches = { reference: [], image: [] };
  for (const k of apart(reference, options.separation)) {
    let best = -1;
    let least = options.tolerance ** 2;
    for (const i of sources) {
      const d2 = (moved.x[i] - reference.x[k]) ** 2 + (moved.y[i] - reference.y[k]) ** 2;
      if (d2 <= least) {
        least = d2;
        best = i;
      }
    }
    if (best < 0) continue;
    out.reference.push(k);
    out.image.push(best);
  }
  return out;
}
