import { atan2 } from "./atan2.js";
import { fma } from "./exact.js";
import type { Labels } from "./label.js";
import type { Runs } from "./runs.js";
import { type ShapeKernel, shapeKernel } from "./simd.js";
import { square } from "./square.js";

/** The ellipse with the second moments of a region. */
export interface Ellipse {
  /** Centroid, column and row, 0-based. */
  x: number;
  y: number;
  /** Full lengths of the axes [pixels]: four standard deviations along them. */
  major: number;
  minor: number;
  /** Angle between axis 0 (up the rows) and the major axis [degree], -90 to 90, counter-clockwise. */
  angle: number;
}

/** Eigenvalues of a symmetric 2 x 2 matrix, the larger first; the steps of LAPACK's DLAE2. */
function eigenvalues(a: number, b: number, c: number): [number, number] {
  if (Math.abs(b) <= Math.sqrt(Math.abs(a)) * Math.sqrt(Math.abs(c)) * 2 ** -53) return a >= c ? [a, c] : [c, a];
  const sum = a + c;
  const difference = Math.abs(a - c);
  const twice = Math.abs(b + b);
  const larger = Math.abs(a) > Math.abs(c) ? a : c;
  const smaller = Math.abs(a) > Math.abs(c) ? c : a;
  let root: number;
  if (difference > twice) root = difference * Math.sqrt(1 + (twice / difference) ** 2);
  else if (difference < twice) root = twice * Math.sqrt(1 + (difference / twice) ** 2);
  else root = twice * Math.SQRT2;
  const first = 0.5 * (sum + root);
  return [first, (larger / first) * smaller - (b / first) * b];
}

/** Centroid of region `r`: column and row. */
export function centroid(runs: Runs, labels: Labels, r: number): { x: number; y: number } {
  let sumY = 0;
  let sumX = 0;
  for (let i = labels.first[r]; i >= 0; i = labels.next[i]) {
    const n = runs.to[i] - runs.from[i];
    sumY += runs.row[i] * n;
    sumX += (n * (runs.from[i] + runs.to[i] - 1)) / 2;
  }
  return { x: sumX / labels.area[r], y: sumY / labels.area[r] };
}

/** Scratch of {@link momentEllipse}, a part for each sum over the rows of a column. */
let columns = new Float64Array(3 * 256);

/** The first three parts of the scratch, `width` zeros each. */
function zeroColumns(width: number): [Float64Array, Float64Array, Float64Array] {
  if (columns.length < 3 * width) columns = new Float64Array(6 * width);
  columns.fill(0, 0, 3 * width);
  return [columns.subarray(0, width), columns.subarray(width, 2 * width), columns.subarray(2 * width, 3 * width)];
}

/** Sums over the pixels of a region of the squares along rows and columns, from its centroid, and of the products. */
interface Moments {
  yy: number;
  xx: number;
  xy: number;
}

function secondMoments(runs: Runs, labels: Labels, r: number): Moments {
  const { row, from, to } = runs;
  const area = labels.area[r];
  const ymin = labels.ymin[r];
  const xmin = labels.xmin[r];
  const width = labels.xmax[r] - xmin + 1;
  let sumY = 0;
  let sumX = 0;
  for (let i = labels.first[r]; i >= 0; i = labels.next[i]) {
    const n = to[i] - from[i];
    sumY += (row[i] - ymin) * n;
    sumX += (n * (from[i] + to[i] - 1 - 2 * xmin)) / 2;
  }
  const cy = sumY / area;
  const cx = sumX / area;
  const [count, first, second] = zeroColumns(width);
  let lastRow = -1;
  let dy = 0;
  let dy2 = 0;
  for (let i = labels.first[r]; i >= 0; i = labels.next[i]) {
    if (row[i] !== lastRow) {
      lastRow = row[i];
      dy = lastRow - ymin - cy;
      dy2 = square(dy);
    }
    for (let c = from[i] - xmin; c < to[i] - xmin; c++) {
      count[c]++;
      first[c] += dy;
      second[c] += dy2;
    }
  }
  let yy = 0;
  let xx = 0;
  let xy = 0;
  for (let c = 0; c < width; c++) {
    const dx = c - cx;
    yy += second[c];
    // A fused multiply-add, as matrix products have.
    xx = fma(count[c], square(dx), xx);
    xy = fma(first[c], dx, xy);
  }
  return { yy, xx, xy };
}

function momentsByKernel(kernel: ShapeKernel, runs: Runs, labels: Labels, r: number): Moments {
  const { row, from, to } = runs;
  const ymin = labels.ymin[r];
  const xmin = labels.xmin[r];
  const width = labels.xmax[r] - xmin + 1;
  // No region has more runs than there are.
  const sums = kernel.reserve(3 * runs.count, 3 + 3 * width);
  const { at, exports, ints, doubles } = kernel;
  let n = 0;
  for (let i = labels.first[r]; i >= 0; i = labels.next[i]) {
    ints[n] = row[i] - ymin;
    ints[n + 1] = from[i] - xmin;
    ints[n + 2] = to[i] - xmin;
    n += 3;
  }
  exports.moments(at, n / 3, width, labels.area[r], sums + 24, sums);
  const out = (sums - at) / 8;
  return { yy: doubles[out], xx: doubles[out + 1], xy: doubles[out + 2] };
}

/**
 * Centroid, axes and angle of region `r` from its moments, pixels counting as points.
 * M.-K. Hu, IRE Trans. Inf. Theory 8, 179 (1962); the conventions are those of scikit-image's `regionprops`.
 * @param wasm - false: without the WASM kernel; the numbers are the same
 */
export function momentEllipse(runs: Runs, labels: Labels, r: number, wasm = true): Ellipse {
  const area = labels.area[r];
  const { x, y } = centroid(runs, labels, r);
  const kernel = wasm ? shapeKernel() : undefined;
  const { yy, xx, xy } =
    kernel === undefined ? secondMoments(runs, labels, r) : momentsByKernel(kernel, runs, labels, r);
  const both = yy + xx;
  const a = (both - yy) / area;
  const c = (both - xx) / area;
  const b = -xy / area;
  const [large, small] = eigenvalues(a, b, c);
  let orientation: number;
  if (a - c === 0) orientation = b < 0 ? Math.PI / 4 : -Math.PI / 4;
  else orientation = 0.5 * atan2(-2 * b, c - a);
  return {
    x,
    y,
    major: 4 * Math.sqrt(Math.max(0, large)),
    minor: 4 * Math.sqrt(Math.max(0, small)),
    angle: orientation * (180 / Math.PI),
  };
}
