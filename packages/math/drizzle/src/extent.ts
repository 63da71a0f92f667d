import { gridRow, isSurface } from "./positions.js";
import { betweenRows, type GridSurface } from "./surface.js";
import type { MapExtent, PixelMap, Positions, SurfaceMap } from "./types.js";

/** Range of every row of positions, and how far neighbouring pixels are apart at most. */
export function mapExtent(map: Positions): MapExtent {
  return isSurface(map) ? surfaceExtent(map) : pixelExtent(map);
}

function pixelExtent({ x, y, nx, ny }: PixelMap): MapExtent {
  const rowLow = new Float64Array(ny).fill(Number.POSITIVE_INFINITY);
  const rowHigh = new Float64Array(ny).fill(Number.NEGATIVE_INFINITY);
  let xLow = Number.POSITIVE_INFINITY;
  let xHigh = Number.NEGATIVE_INFINITY;
  let stretch = 0;
  for (let j = 0; j < ny; j++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let p = j * nx, e = p + nx; p < e; p++) {
      const yy = y[p];
      const xx = x[p];
      if (Number.isNaN(yy) || Number.isNaN(xx)) continue;
      if (yy < low) low = yy;
      if (yy > high) high = yy;
      if (xx < xLow) xLow = xx;
      if (xx > xHigh) xHigh = xx;
      if (p + 1 < e) stretch = longer(stretch, x[p + 1] - xx, y[p + 1] - yy);
      if (j + 1 < ny) stretch = longer(stretch, x[p + nx] - xx, y[p + nx] - yy);
    }
    rowLow[j] = low;
    rowHigh[j] = high;
  }
  return { rowLow, rowHigh, xLow, xHigh, stretch };
}

/** The largest of three lengths along an axis; NaN never wins. */
function longer(so: number, dx: number, dy: number): number {
  const a = Math.abs(dx);
  const b = Math.abs(dy);
  const longest = a > so ? a : so;
  return b > longest ? b : longest;
}

/** Largest magnitude of the cubic in the weight of a second derivative, (s^3 - s) / 6, and of its derivative. */
const BEND = 0.0642;
const BEND_SLOPE = 1 / 3;
/** Room for rounding [pixel]. */
const ROUNDING = 1e-6;

/** Limits of the rows of a grid: of their values, second derivatives, and steps along the row and to the next one. */
interface Limits {
  low: Float64Array;
  high: Float64Array;
  bend: Float64Array;
  step: Float64Array;
  bendStep: Float64Array;
  rise: Float64Array;
}

function limitsOf({ rows, bends, nx, my }: GridSurface): Limits {
  const array = (): Float64Array => new Float64Array(my);
  const out = { low: array(), high: array(), bend: array(), step: array(), bendStep: array(), rise: array() };
  for (let k = 0; k < my; k++) {
    let [low, high, step, rise] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
    for (let i = 0, p = k * nx; i < nx; i++, p++) {
      const v = rows[p];
      low = Math.min(low, v);
      high = Math.max(high, v);
      if (i > 0) step = Math.max(step, Math.abs(v - rows[p - 1]));
      if (k + 1 < my) rise = Math.max(rise, Math.abs(rows[p + nx] - v));
    }
    let [bend, bendStep] = [0, 0];
    if (bends.length > 0)
      for (let i = 0, p = k * nx; i < nx; i++, p++) {
        bend = Math.max(bend, Math.abs(bends[p]));
        if (i > 0) bendStep = Math.max(bendStep, Math.abs(bends[p] - bends[p - 1]));
      }
    out.low[k] = low;
    out.high[k] = high;
    out.bend[k] = bend;
    out.step[k] = step;
    out.bendStep[k] = bendStep;
    out.rise[k] = rise;
  }
  return out;
}

/** Lowest and highest value that a surface may have between two rows of its grid. */
function rangeBetween({ low, high, bend }: Limits, k: number): [number, number] {
  const more = BEND * (bend[k] + bend[k + 1]) + ROUNDING;
  return [Math.min(low[k], low[k + 1]) - more, Math.max(high[k], high[k + 1]) + more];
}

/** Longest step from pixel to pixel between two rows of the grid, along the row and across. @param pace - steps of the grid per row */
function stepBetween({ step, bend, bendStep, rise }: Limits, k: number, pace: number): number {
  const along = Math.max(step[k], step[k + 1]) + BEND * (bendStep[k] + bendStep[k + 1]);
  const across = pace * (rise[k] + BEND_SLOPE * (bend[k] + bend[k + 1]));
  return Math.max(along, across) + ROUNDING;
}

function surfaceExtent(map: SurfaceMap): MapExtent {
  const { ny, height, surfaces } = map;
  const { my } = surfaces.x;
  const [x, y] = [limitsOf(surfaces.x), limitsOf(surfaces.y)];
  const out = {
    rowLow: new Float64Array(ny).fill(Number.POSITIVE_INFINITY),
    rowHigh: new Float64Array(ny).fill(Number.NEGATIVE_INFINITY),
    xLow: Number.POSITIVE_INFINITY,
    xHigh: Number.NEGATIVE_INFINITY,
    stretch: 0,
  };
  for (let k = 0; k + 1 < my; k++) {
    const [low, high] = rangeBetween(x, k);
    out.xLow = Math.min(out.xLow, low);
    out.xHigh = Math.max(out.xHigh, high);
    const pace = (my - 1) / (height - 1);
    out.stretch = Math.max(out.stretch, stepBetween(x, k, pace), stepBetween(y, k, pace));
  }
  for (let j = 0; j < ny; j++) {
    const row = gridRow(map, j);
    if (row >= 0) [out.rowLow[j], out.rowHigh[j]] = rangeBetween(y, betweenRows(row, my).row);
  }
  return out;
}
