import { buildTree, nearestPoints, zoomSpline } from "@calwebb/scene";
import { boxMeter, middle } from "./box.js";

/** Boxes that fill a gap. */
const NEIGHBOURS = 10;

/** Background and its noise at the centres of boxes. */
export interface BackgroundMeshes {
  /** [my][mx] */
  readonly levels: Float32Array;
  readonly noise: Float32Array;
  readonly my: number;
  readonly mx: number;
  /** Rows and columns of a box. */
  readonly by: number;
  readonly bx: number;
}

/** Gaps become the mean of the nearest boxes, weighted by inverse distances. */
function fill(mesh: Float32Array, mx: number): Float32Array {
  const known: number[] = [];
  for (let p = 0; p < mesh.length; p++) if (!Number.isNaN(mesh[p])) known.push(p);
  if (known.length === mesh.length) return mesh;
  const out = mesh.slice();
  const tree = buildTree(
    known.map((p) => Math.floor(p / mx)),
    known.map((p) => p % mx),
  );
  for (let p = 0; p < mesh.length; p++) {
    if (!Number.isNaN(mesh[p])) continue;
    let sum = 0;
    let weights = 0;
    for (const { index, d2 } of nearestPoints(tree, Math.floor(p / mx), p % mx, NEIGHBOURS)) {
      sum += mesh[known[index]] / Math.sqrt(d2);
      weights += 1 / Math.sqrt(d2);
    }
    out[p] = sum / weights;
  }
  return out;
}

/** Median over 3 x 3 boxes, fewer at the edges. */
function smooth(mesh: Float32Array, my: number, mx: number): Float32Array {
  const out = new Float32Array(mesh.length);
  for (let y = 0; y < my; y++)
    for (let x = 0; x < mx; x++) {
      const window: number[] = [];
      for (let j = Math.max(0, y - 1); j <= Math.min(my - 1, y + 1); j++)
        for (let i = Math.max(0, x - 1); i <= Math.min(mx - 1, x + 1); i++) window.push(mesh[j * mx + i]);
      const sorted = Float64Array.from(window).sort();
      out[y * mx + x] = middle(sorted, 0, sorted.length);
    }
  return out;
}

/**
 * Background and noise of an image: clipped median and standard deviation in boxes, a median filter over 3 x 3 boxes; cubic splines go
 * between, see {@link meshImage}. Bertin & Arnouts, A&AS 117, 393 (1996). When no box has enough pixels, or boxes have no size, the
 * whole image is one box.
 * @param mask - 1 for pixels to leave out; pixels that are not finite are left out anyway
 * @param size - side of a box [pixels]
 * @returns undefined when the image has no usable pixel
 */
export function backgroundMeshes(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  size: number,
): BackgroundMeshes | undefined {
  const by = Math.min(size, ny);
  const bx = Math.min(size, nx);
  const inBoxes = size > 0 ? boxes(data, mask, ny, nx, by, bx, 0.9 * by * bx) : undefined;
  return inBoxes ?? boxes(data, mask, ny, nx, ny, nx, 0);
}

function boxes(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  by: number,
  bx: number,
  least: number,
): BackgroundMeshes | undefined {
  const my = Math.ceil(ny / by);
  const mx = Math.ceil(nx / bx);
  const levels = new Float32Array(my * mx).fill(Number.NaN);
  const noise = new Float32Array(my * mx).fill(Number.NaN);
  const measure = boxMeter(by, bx);
  for (let j = 0; j < my; j++)
    for (let i = 0; i < mx; i++) {
      const box = { x0: i * bx, x1: Math.min(nx, (i + 1) * bx), y0: j * by, y1: Math.min(ny, (j + 1) * by) };
      const { kept, level, rms } = measure(data, mask, nx, box);
      if (kept <= least) continue;
      levels[j * mx + i] = level;
      noise[j * mx + i] = rms;
    }
  if (levels.every(Number.isNaN)) return undefined;
  const clean = (mesh: Float32Array): Float32Array => smooth(fill(mesh, mx), my, mx);
  return { levels: clean(levels), noise: clean(noise), my, mx, by, bx };
}

/**
 * A mesh enlarged to the pixels of its image, 0 where the mask is set.
 * @param mesh - one of those in `meshes`
 * @param out - receives the image
 */
export function meshImage(
  mesh: Float32Array,
  { my, mx, by, bx }: BackgroundMeshes,
  mask: Uint8Array,
  ny: number,
  nx: number,
  out: Float32Array,
): Float32Array {
  zoomSpline(mesh, my, mx, by, bx, ny, nx, out);
  for (let p = mask.indexOf(1); p >= 0; p = mask.indexOf(1, p + 1)) out[p] = 0;
  return out;
}
