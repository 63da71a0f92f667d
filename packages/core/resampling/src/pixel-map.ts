import { allocate } from "@calwebb/array";
import {
  gridSurface,
  type PixelMap,
  type Positions,
  positionRow,
  releasePositions,
  type SurfaceMap,
  wholeMap,
} from "@calwebb/drizzle";
import { ValidationError } from "@calwebb/errors";
import type { Wcs } from "@calwebb/wcs";

/** How positions are found between points of a coarse grid. */
export interface PixelMapOptions {
  /** Evaluate the WCS at every so many pixels and interpolate between; 1: at every pixel. */
  step?: number;
  /** 1: bilinear, 3: bicubic spline. */
  order?: number;
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
export function positions(from: Wcs, to: Wcs, nx: number, ny: number, options: PixelMapOptions = {}): Positions {
  const { step = 1, order = 1 } = options;
  const range = inside(from, nx, ny);
  const largest = Math.max(range[1] - range[0], range[3] - range[2]) + 1;
  if (step > 1 && largest > FEW) {
    const map = surfaceMap(from, to, nx, ny, range, step, order);
    if (map) return map;
  }
  const [width, height] = [range[1] - range[0] + 1, range[3] - range[2] + 1];
  if (step === 1 && Math.min(width, height) >= LARGE) {
    const map = surfaceMap(from, to, nx, ny, range, SMOOTH, 3);
    if (map && worstError(from, to, map, range) < TOLERANCE) return map;
    if (map) releasePositions(map);
  }
  return everyPosition(from, to, nx, ny);
}

/** All of these positions in memory; parameters as of {@link positions}. */
export function pixelMap(from: Wcs, to: Wcs, nx: number, ny: number, options: PixelMapOptions = {}): PixelMap {
  return wholeMap(positions(from, to, nx, ny, options), (n) => allocate("float64", n));
}

function everyPosition(from: Wcs, to: Wcs, nx: number, ny: number): PixelMap {
  const map = { x: allocate("float64", nx * ny), y: allocate("float64", nx * ny), nx, ny };
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
  map: SurfaceMap,
  [x0, x1, y0, y1]: readonly [number, number, number, number],
): number {
  const [across, up] = [Math.floor((x1 - x0) / CHECK) + 1, Math.floor((y1 - y0) / CHECK) + 1];
  const x = Float64Array.from({ length: across * up }, (_, k) => x0 + CHECK * (k % across));
  const y = Float64Array.from({ length: across * up }, (_, k) => y0 + CHECK * Math.floor(k / across));
  const [u, v] = mapPoints(from, to, x, y);
  const row = [new Float64Array(map.nx), new Float64Array(map.nx)];
  let worst = 0;
  for (let l = 0, k = 0; l < up; l++) {
    positionRow(map, y0 + CHECK * l, row[0], row[1]);
    for (let i = x0; i <= x1; i += CHECK, k++) {
      const error = Math.max(Math.abs(u[k] - row[0][i]), Math.abs(v[k] - row[1][i]));
      if (!(error <= worst)) worst = error;
    }
  }
  return worst;
}

/** Surfaces through the positions on a coarse grid; undefined when a point of the grid has no position. */
function surfaceMap(
  from: Wcs,
  to: Wcs,
  nx: number,
  ny: number,
  [x0, x1, y0, y1]: readonly [number, number, number, number],
  step: number,
  order: number,
): SurfaceMap | undefined {
  if (order !== 1 && order !== 3)
    throw new ValidationError("pixel maps are interpolated with order 1 or 3", {
      got: String(order),
      where: "pixmap_order",
    });
  const width = x1 - x0 + 1;
  const height = y1 - y0 + 1;
  const mx = Math.max(Math.ceil(width / step), Math.min(FEW, width));
  const my = Math.max(Math.ceil(height / step), Math.min(FEW, height));
  if (mx < 4 || my < 4) return undefined;
  const x = new Float64Array(mx * my);
  const y = new Float64Array(mx * my);
  for (let j = 0; j < my; j++)
    for (let i = 0; i < mx; i++) {
      x[j * mx + i] = x0 + (i * (width - 1)) / (mx - 1);
      y[j * mx + i] = y0 + (j * (height - 1)) / (my - 1);
    }
  const coarse = mapPoints(from, to, x, y);
  if (coarse.some((c) => !c.every(Number.isFinite))) return undefined;
  const xs = Float64Array.from({ length: width }, (_, i) => (i * (mx - 1)) / (width - 1));
  const [u, v] = coarse.map((c) => gridSurface(c, mx, my, xs, order));
  return { nx, ny, x0, y0, height, surfaces: { x: u, y: v } };
}
