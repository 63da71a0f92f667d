import { defineTask, type Task } from "@calwebb/array";
import { Corners } from "./corners.js";
import { Coverage } from "./coverage.js";
import { Hits } from "./hits.js";
import {
  gaussianHits,
  type KernelSetup,
  kernelSetup,
  lanczosHits,
  pointHits,
  type Rows,
  squareHits,
  turboHits,
} from "./kernels.js";
import { PositionRows } from "./positions.js";
import { squareBand } from "./square.js";
import type { DrizzleBand } from "./types.js";
import { VarianceBand } from "./variance.js";
import { takeWeight } from "./weight.js";

/** Output pixels that a centre with a position reaches. */
function centreHits(x: number, y: number, setup: KernelSetup, rows: Rows, hits: Hits): number {
  switch (setup.name) {
    case "turbo":
      return turboHits(x, y, setup, rows, hits);
    case "gaussian":
      return gaussianHits(x, y, setup, rows, hits);
    case "lanczos2":
    case "lanczos3":
      return lanczosHits(x, y, setup, rows, hits);
    default:
      return pointHits(x, y, rows, hits);
  }
}

/** Running weighted means in float32, pixel by pixel. */
function deposit(b: DrizzleBand, index: Int32Array, weights: Float32Array, n: number, p: number): void {
  const { out, wht, con, bit } = b;
  const value = Math.fround(Math.fround(b.data[p] - b.level) * b.factor);
  if (b.outErr !== null || b.outDq !== null) depositMore(b, index, weights, n, p);
  for (let k = 0; k < n; k++) {
    const w = weights[k];
    if (w === 0) continue;
    const at = index[k];
    if (con !== null && w > 0) con[at] |= bit;
    const before = wht[at];
    const after = Math.fround(before + w);
    wht[at] = after;
    out[at] = before === 0 ? value : Math.fround(Math.fround(out[at] * before) + Math.fround(w * value)) / after;
  }
}

/** Errors and flags, by the weights that there are before the data are added. */
function depositMore(b: DrizzleBand, index: Int32Array, weights: Float32Array, n: number, p: number): void {
  const { wht, err, outErr, dq, outDq } = b;
  for (let k = 0; k < n; k++) {
    const w = weights[k];
    if (w === 0) continue;
    const at = index[k];
    const before = wht[at];
    if (outErr !== null && err !== null) {
      const value = Math.fround(err[p] * b.factor);
      const sum = Math.fround(Math.fround(outErr[at] * before) + Math.fround(w * value));
      outErr[at] = before === 0 ? value : sum / Math.fround(before + w);
    }
    if (outDq !== null && dq !== null) outDq[at] = before === 0 ? dq[p] : outDq[at] | dq[p];
  }
}

/**
 * Add one exposure to the rows start..end of the output, in place: weighted mean, weights, context, flags, errors, sums of variances.
 * Bands do not influence each other, and the order of the contributions to a pixel does not depend on how the rows are cut.
 * Source: Fruchter & Hook 2002, PASP 114, 144; variances as propagated by the reference implementation: the errors of each exposure
 * are resampled on their own, squared, and summed with the squares of their weights.
 */
export function drizzleBand(b: DrizzleBand): void {
  const { map, extent, weight, limits } = b;
  const { nx, ny } = map;
  const setup = kernelSetup(b.kernel, b.pixfrac, b.scaleRatio);
  const square = setup.name === "square";
  if (square && b.plain !== true && squareBand(b)) return;
  const positions = new PositionRows(map);
  const corners = square ? new Corners(positions, b.pixfrac / 2) : undefined;
  const reach = square ? extent.stretch + 1 : setup.reach + 1;
  const low = b.start - reach;
  const high = b.end - 1 + reach;
  const hits = new Hits();
  const coverage = new Coverage();
  const rows: Rows = { onx: b.onx, start: b.start, end: b.end };
  const variances = b.variances.some((v) => v.variance !== null) ? new VarianceBand(b, reach) : undefined;
  const weights = new Float32Array(nx);
  for (let j = 0; j < ny; j++) {
    if (extent.rowHigh[j] < low || extent.rowLow[j] > high) continue;
    corners?.start(j);
    takeWeight(weight, j * nx, (j + 1) * nx, weights);
    const { x, y } = positions.row(j);
    for (let i = limits[2 * j]; i <= limits[2 * j + 1]; i++) {
      const p = j * nx + i;
      const w = weights[i];
      if (w === 0) continue;
      if (!(y[i] >= low && y[i] <= high)) continue;
      let n: number;
      if (corners === undefined) n = Number.isNaN(x[i]) ? 0 : centreHits(x[i], y[i], setup, rows, hits);
      else n = corners.pixel(i) ? squareHits(corners.at, coverage, rows, hits) : 0;
      if (n === 0) continue;
      hits.weigh(n, w);
      deposit(b, hits.index, hits.weight, n, p);
      if (variances !== undefined) variances.deposit(hits.index, hits.weight, n, p);
    }
  }
  variances?.finish();
}

/** {@link drizzleBand} for the executor. */
export const drizzleBandTask: Task<DrizzleBand, void> = defineTask(import.meta.url, "drizzleBand", drizzleBand);
