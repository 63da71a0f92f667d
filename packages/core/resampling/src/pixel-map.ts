import { allocate } from "@calwebb/array";
import type { PixelMap } from "@calwebb/drizzle";
import { ValidationError } from "@calwebb/errors";
import type { Wcs } from "@calwebb/wcs";
import { interpolateGrid } from "./spline.js";

/** How positions are found between points of a coarse grid. */
export interface PixelMapOptions {
  /** Evaluate the WCS at every so many pixels and interpolate between; 1: at every pixel. */
  step?: number;
  /** 1: bilinear, 3: bicubic spline. */
  order?: number;
  /** Map to fill; its arrays are taken when they are large enough. */
  into?: PixelMap;
}

/** Images and steps below this size are not interpolated; a coarse grid has at least so many points. */
const FEW = 10;
/** Images of at least this size are interpolated where that changes no position by more than the tolerance. */
const LARGE = 512;
/** Pixels between points of that interpolation, and between the points where it is compared with the WCS. */
const SMOOTH = 16;
const CHECK = 13;
/** [pixel] */
const TOLERANCE = 1e-6;
/** Pixels that are evaluated at one time. */
const CHUNK = 1 << 15;

function mapPoints(from: Wcs, to: Wcs, x: Float64Array, y: Float64Array): Float64Array[] {
  return to.invert(from.evaluate([x, y]), { withBoundingBox: false });
}

/** An empty map, in the arrays of another one when they suffice. */
function emptyMap(nx: number, ny: number, into: PixelMap | undefined): PixelMap {
  const n = nx * ny;
  if (into !== undefined && into.x.length === n) return { x: into.x, y: into.y, nx, ny };
  return { x: allocate("float64", n), y: allocate("float64", n), nx, ny };
}

/** Pixels of an image inside the bounding box of its WCS. */
function inside(wcs: Wcs, nx: number, ny: number): [number, number, number, number] {
  const box = wcs.boundingBox;
  if (box === undefined) return [0, nx - 1, 0, ny - 1];
  const [[x1, x2], [y1, y2]] = [box.at(0), box.at(1)];
  return [
    Math.max(0, Math.ceil(x1)),
    Math.min(nx - 1, Math.floor(x2)),
    Math.max(0, Math.ceil(y1)),
    Math.min(ny - 1, Math.floor(y2)),
  ];
}

/**
 * Positions of the pixels of one image on another one, by their WCS; NaN outside the bounding box of the first.
 * @param nx - columns of the first image
 * @param ny - rows
 * @throws {ValidationError} for an order of interpolation other than 1 and 3
 */
export function pixelMap(from: Wcs, to: Wcs, nx: number, ny: number, options: PixelMapOptions = {}): PixelMap {
  const { step = 1, order = 1 } = options;
  const map = emptyMap(nx, ny, options.into);
  const range = inside(from, nx, ny);
  const largest = Math.max(range[1] - range[0], range[3] - range[2]) + 1;
  if (step > 1 && largest > FEW && coarseMap(from, to, map, range, step, order)) return map;
  const [width, height] = [range[1] - range[0] + 1, range[3] - range[2] + 1];
  if (step === 1 && Math.min(width, height) >= LARGE && coarseMap(from, to, map, range, SMOOTH, 3))
    if (worstError(from, to, map, range) < TOLERANCE) return map;
  const rows = Math.max(1, Math.floor(CHUNK / nx));
  for (let start = 0; start < ny; start += rows) {
    const end = Math.min(ny, start + rows);
    const n = (end - start) * nx;
    const x = new Float64Array(n);
    const y = new Float64Array(n);
    for (let j = start, p = 0; j < end; j++)
      for (let i = 0; i < nx; i++, p++) {
        x[p] = i;
        y[p] = j;
      }
    const [u, v] = mapPoints(from, to, x, y);
    map.x.set(u, start * nx);
    map.y.set(v, start * nx);
  }
  return map;
}

/** Largest difference between a map and the WCS at regularly spaced pixels, none of them far from any pixel. */
function worstError(
  from: Wcs,
  to: Wcs,
  map: PixelMap,
  [x0, x1, y0, y1]: readonly [number, number, number, number],
): number {
  const at: number[] = [];
  for (let j = y0; j <= y1; j += CHECK) for (let i = x0; i <= x1; i += CHECK) at.push(j * map.nx + i);
  const [u, v] = mapPoints(
    from,
    to,
    Float64Array.from(at, (p) => p % map.nx),
    Float64Array.from(at, (p) => Math.floor(p / map.nx)),
  );
  let worst = 0;
  for (const [k, p] of at.entries()) {
    const error = Math.max(Math.abs(u[k] - map.x[p]), Math.abs(v[k] - map.y[p]));
    if (!(error <= worst)) worst = error;
  }
  return worst;
}

/** Fill a map from a coarse grid; false when a point of the grid has no position. */
function coarseMap(
  from: Wcs,
  to: Wcs,
  map: PixelMap,
  [x0, x1, y0, y1]: readonly [number, number, number, number],
  step: number,
  order: number,
): boolean {
  if (order !== 1 && order !== 3)
    throw new ValidationError("pixel maps are interpolated with order 1 or 3", {
      got: String(order),
      where: "pixmap_order",
    });
  const width = x1 - x0 + 1;
  const height = y1 - y0 + 1;
  const mx = Math.max(Math.ceil(width / step), Math.min(FEW, width));
  const my = Math.max(Math.ceil(height / step), Math.min(FEW, height));
  if (mx < 4 || my < 4) return false;
  const x = new Float64Array(mx * my);
  const y = new Float64Array(mx * my);
  for (let j = 0; j < my; j++)
    for (let i = 0; i < mx; i++) {
      x[j * mx + i] = x0 + (i * (width - 1)) / (mx - 1);
      y[j * mx + i] = y0 + (j * (height - 1)) / (my - 1);
    }
  const coarse = mapPoints(from, to, x, y);
  if (coarse.some((c) => !c.every(Number.isFinite))) return false;
  const xs = Float64Array.from({ length: width }, (_, i) => (i * (mx - 1)) / (width - 1));
  const ys = Float64Array.from({ length: height }, (_, j) => (j * (my - 1)) / (height - 1));
  for (const [axis, out] of [map.x, map.y].entries()) {
    out.fill(Number.NaN);
    interpolateGrid(coarse[axis], mx, my, [xs, ys], order, (j, row) => out.set(row, (y0 + j) * map.nx + x0));
  }
  return true;
}
