import { median32 } from "@calwebb/stats";
import { buildTree, nearestPoints } from "./nearest.js";
import { clippedRange } from "./statistics.js";
import { zoomSpline } from "./zoom.js";

/** Not enough pixels for a model. */
export class NoBackgroundError extends Error {}

/** Share of a box that must be usable. */
const USABLE = 0.9;
/** Clipping of the pixels of a box. */
const CLIP = 3;
/** Half size of the median filter over boxes. */
const FILTER = 2;
/** Boxes that fill a gap. */
const NEIGHBOURS = 10;

/** Largest size up to 32 that divides the length. */
export function defaultBox(length: number): number {
  let best = 1;
  for (let size = 2; size <= 32; size++) if (length % size === 0) best = size;
  return best;
}

/**
 * Smooth background: the clipped median of boxes, gaps filled from the nearest boxes, a median filter over 5 x 5 boxes, cubic
 * splines between. Bertin & Arnouts, A&AS 117, 393 (1996).
 * @param mask - 1 where a pixel is background
 * @param box - rows and columns of a box
 * @throws {NoBackgroundError} when no box has enough pixels
 */
export function backgroundModel(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  box: readonly [number, number],
): Float32Array {
  const by = Math.min(box[0], ny);
  const bx = Math.min(box[1], nx);
  const my = Math.ceil(ny / by);
  const mx = Math.ceil(nx / bx);
  const mesh = new Float32Array(my * mx);
  const values = new Float32Array(by * bx);
  const least = (1 - (1 - USABLE)) * by * bx;
  let any = false;
  for (let j = 0; j < my; j++)
    for (let i = 0; i < mx; i++) {
      let n = 0;
      for (let y = j * by; y < Math.min(ny, (j + 1) * by); y++)
        for (let x = i * bx; x < Math.min(nx, (i + 1) * bx); x++) {
          const p = y * nx + x;
          if (mask[p] !== 0 && Number.isFinite(image[p])) values[n++] = image[p];
        }
      const sorted = values.subarray(0, n).sort();
      const [first, end] = clippedRange(new Float64Array(sorted), 0, n, CLIP);
      const usable = end - first > least;
      mesh[j * mx + i] = usable ? middle32(sorted, first, end) : Number.NaN;
      any ||= usable;
    }
  if (!any) throw new NoBackgroundError(`no box of ${by} x ${bx} pixels has more than ${least} usable ones`);
  return zoomSpline(filterMesh(fillGaps(mesh, my, mx), my, mx), my, mx, by, bx, ny, nx);
}

function middle32(sorted: Float32Array, first: number, end: number): number {
  const h = first + ((end - first) >> 1);
  if ((end - first) % 2 === 1) return sorted[h];
  return Math.fround(Math.fround(sorted[h - 1] + sorted[h]) / 2);
}

/** Boxes without a value become the mean of the nearest ten with one, weighted by their inverse distances. */
function fillGaps(mesh: Float32Array, my: number, mx: number): Float32Array {
  const known: number[] = [];
  for (let p = 0; p < mesh.length; p++) if (!Number.isNaN(mesh[p])) known.push(p);
  if (known.length === mesh.length) return mesh;
  const out = mesh.slice();
  const tree = buildTree(
    known.map((p) => Math.floor(p / mx)),
    known.map((p) => p % mx),
  );
  for (let p = 0; p < my * mx; p++) {
    if (!Number.isNaN(mesh[p])) continue;
    let sum = 0;
    let weights = 0;
    for (const { index, d2 } of nearestPoints(tree, Math.floor(p / mx), p % mx, NEIGHBOURS)) {
      const weight = 1 / Math.sqrt(d2);
      sum += mesh[known[index]] * weight;
      weights += weight;
    }
    out[p] = sum / weights;
  }
  return out;
}

/** Median over 5 x 5 boxes, fewer at the edges. */
function filterMesh(mesh: Float32Array, my: number, mx: number): Float32Array {
  const out = new Float32Array(mesh.length);
  const window = new Float32Array((2 * FILTER + 1) ** 2);
  for (let y = 0; y < my; y++)
    for (let x = 0; x < mx; x++) {
      let n = 0;
      for (let j = Math.max(0, y - FILTER); j <= Math.min(my - 1, y + FILTER); j++)
        for (let i = Math.max(0, x - FILTER); i <= Math.min(mx - 1, x + FILTER); i++) window[n++] = mesh[j * mx + i];
      out[y * mx + x] = median32(window, n);
    }
  return out;
}
