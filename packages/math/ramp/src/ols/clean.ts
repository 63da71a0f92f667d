import { group } from "@calwebb/dqflags";
import { medianInPlace } from "./median.js";
import { LARGE_VARIANCE } from "./pixel.js";
import type { OlsPiece } from "./setup.js";
import type { Tile, TileArrays } from "./tile.js";
import { powerIndex } from "./weights.js";

const INVALID = group.DO_NOT_USE | group.SATURATED;

/**
 * Fit one integration of a tile, pixel by pixel, as if no pixel had a flag; the twin of `fitTile` in assembly/ols.ts.
 * @param row - where its first group starts in `data`; @param out - where its row of slopes starts
 */
export function fitRows(a: TileArrays, row: number, out: number, used: number, width: number): void {
  const { data, gain, noise, weights, slopes, medians, diffs, stride } = a;
  const last = row + (used - 1) * stride;
  for (let k = 0; k < width; k++) {
    let before = data[row + k];
    for (let g = 1, at = row + stride + k; g < used; g++, at += stride) {
      const now = data[at];
      diffs[g - 1] = now - before;
      before = now;
    }
    medians[k] += medianInPlace(diffs, used - 1);
    const electrons = (data[last + k] - data[row + k]) * gain[k];
    const snr = electrons / Math.sqrt(noise[k] * noise[k] + electrons);
    let w = (snr > 0 ? powerIndex(snr) : 0) * used;
    let slope = 0;
    for (let g = 0, at = row + k; g < used; g++, at += stride) slope += weights[w++] * data[at];
    slopes[out + k] = slope;
  }
}

/**
 * From slopes and medians to rates and variances; the twin of `finishTile` in assembly/ols.ts. Rows of `out`: the rate of
 * each integration; var_P, var_R and error of an integration; rate, var_P, var_R and error of the mean. A pixel is regular
 * when its sums are finite and its variances small and positive.
 */
export function finishRows(a: TileArrays, nints: number, used: number, groupTime: number, width: number): void {
  const { slopes, medians, gain, noise, dark, out, regular, stride } = a;
  const photonTime = groupTime * (used - 1);
  const readFactor = 12 / ((used * used * used - used) * groupTime * groupTime);
  const planes = nints * stride;
  for (let k = 0; k < width; k++) {
    let sum = 0;
    for (let i = 0, at = k; i < nints; i++, at += stride) {
      const s = slopes[at] / groupTime;
      out[at] = s;
      sum += s;
    }
    const e = gain[k];
    const r = noise[k];
    const median = medians[k] / (groupTime * nints);
    const vp = ((median > 0 ? median : 0) + dark[k]) / (photonTime * e);
    const vr = readFactor * (r / e) * (r / e);
    const ok = vp >= 0 && vp + vr < LARGE_VARIANCE && vr > 0 && Number.isFinite(sum) && e > 0 && r > 0;
    const at = planes + k;
    out[at] = vp;
    out[at + stride] = vr;
    out[at + 2 * stride] = Math.sqrt(vp + vr);
    out[at + 3 * stride] = sum / nints;
    out[at + 4 * stride] = vp / nints;
    out[at + 5 * stride] = vr / nints;
    out[at + 6 * stride] = Math.sqrt((vp + vr) / nints);
    regular[k] = ok ? -1 : 0;
  }
}

/**
 * Copy the results of a tile to the planes, whole rows at a time; pixels that need the general fit are overwritten by it.
 * @param todo - receives the pixels of the tile that need it
 * @returns how many
 */
export function storeClean(piece: OlsPiece, tile: Tile, from: number, width: number, todo: Int32Array): number {
  const { ramp, rate, rateints } = piece;
  const { nints, nrows, ncols } = ramp;
  const npix = nrows * ncols;
  const { out, regular, stride } = tile.arrays;
  const { any } = tile;
  const row = (r: number): Float32Array => out.subarray(r * stride, r * stride + width);
  const dq = ramp.pixeldq.subarray(from, from + width);
  const [poisson, read, err] = [row(nints), row(nints + 1), row(nints + 2)];
  for (let i = 0; i < nints; i++) {
    const to = i * npix + from;
    rateints.slope.set(row(i), to);
    rateints.varPoisson.set(poisson, to);
    rateints.varRnoise.set(read, to);
    rateints.err.set(err, to);
    rateints.dq.set(dq, to);
  }
  rate.slope.set(row(nints + 3), from);
  rate.varPoisson.set(row(nints + 4), from);
  rate.varRnoise.set(row(nints + 5), from);
  rate.err.set(row(nints + 6), from);
  rate.dq.set(dq, from);
  let n = 0;
  for (let k = 0; k < width; k++) {
    todo[n] = k;
    // No branch: which pixels have flags is as good as random.
    n += any[k] === 0 && (dq[k] & INVALID) === 0 && regular[k] !== 0 ? 0 : 1;
  }
  return n;
}
