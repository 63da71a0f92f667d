import { group } from "@calwebb/dqflags";
import type { FitPlanes, RampData } from "../types.js";
import { combineIntegrations } from "./combine.js";
import { type Covariance, covariance } from "./covariance.js";
import { type JumpThresholds, LikelihoodPixel } from "./pixel.js";
import { LikelihoodTile, TILE } from "./tile.js";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;
const UNUSABLE = DO_NOT_USE | SATURATED;

/** What a maximum likelihood fit takes; arrays and numbers only, so that it travels to workers. */
export interface LikelihoodInput {
  ramp: RampData;
  /** Times of the reads of each group [s]. */
  readTimes: readonly (readonly number[])[];
  /** Frames averaged into a group: takes the zero frame out of the first group. */
  nframes: number;
  /** Gain [e-/DN], (nrows, ncols). */
  gain: Float32Array;
  /** Read noise of a difference of two frames [DN], (nrows, ncols). */
  readnoise: Float32Array;
  thresholds: JumpThresholds;
}

/** An input with the rows to work on and the arrays to fill. */
export interface LikelihoodPiece extends LikelihoodInput {
  rowStart: number;
  rowEnd: number;
  rateints: FitPlanes;
  rate: FitPlanes;
  /** (nints, nrows, ncols); empty when it is not wanted. */
  chisq: Float32Array;
  /** (nrows, ncols), or empty. */
  chisqSum: Float32Array;
}

/** Whether the first group averages enough reads for the zero frame to be taken out of it. */
export function usesZeroframe(input: LikelihoodInput): boolean {
  return input.ramp.zeroframe !== undefined && input.readTimes[0].length >= 2;
}

/** Covariance terms of the samples that are fitted: the groups, with the zero frame as one more where it is used. */
export function sampleCovariance(input: LikelihoodInput): Covariance {
  const times = input.readTimes;
  return covariance(usesZeroframe(input) ? [[times[0][0]], times[0].slice(1), ...times.slice(1)] : times);
}

/** One pixel of one integration, jumps and all: gives the rate to take the covariance from; `k` is its place in the tile. */
function fitPixel(
  piece: LikelihoodPiece,
  pixel: LikelihoodPixel,
  c: Covariance,
  tile: LikelihoodTile,
  k: number,
): number {
  const { diffs, use } = pixel;
  const { data, dq } = tile;
  for (let i = 0, at = k; i < c.n; i++, at += TILE) {
    diffs[i] = Math.fround(data[at + TILE] - data[at]) / c.deltaT[i];
    use[i] = dq[at] === 0 && dq[at + TILE] === 0 ? 1 : 0;
  }
  const guess = pixel.findJumps(piece.thresholds);
  return guess * (guess > 0 ? 1 : 0);
}

/** Flags of a ramp after the search: those of the samples, a jump at each sample whose difference was left out by it. */
function flagsOf(tile: LikelihoodTile, use: Uint8Array, n: number, k: number): number {
  const { dq } = tile;
  let any = 0;
  let usable = 0;
  for (let s = 0, at = k; s <= n; s++, at += TILE) {
    let q = dq[at];
    if (s > 0 && use[s - 1] === 0 && q === 0 && dq[at - TILE] === 0) q = JUMP_DET;
    any |= q;
    if ((q & UNUSABLE) === 0) usable = 1;
  }
  return (any & (SATURATED | JUMP_DET)) | (usable ? 0 : DO_NOT_USE);
}

/**
 * Maximum likelihood fit of the rows rowStart .. rowEnd-1, each integration by itself, and their averages. Results are written to the planes of
 * the piece; pieces do not influence each other.
 */
export function fitLikelihoodRows(piece: LikelihoodPiece): void {
  const { ramp, gain, readnoise, thresholds, rateints, chisq, nframes } = piece;
  const { nints, nrows, ncols, pixeldq, averageDark } = ramp;
  const npix = nrows * ncols;
  const zeroframe = usesZeroframe(piece) ? ramp.zeroframe : undefined;
  const c = sampleCovariance(piece);
  const pixel = new LikelihoodPixel(c);
  const tile = new LikelihoodTile(c);
  const { out, any, regular } = tile;
  const planes = [rateints.slope, rateints.err, rateints.varPoisson, rateints.varRnoise];
  const wantChisq = chisq.length > 0;
  if (wantChisq) planes.push(chisq);
  for (let i = 0; i < nints; i++) {
    for (let row = piece.rowStart; row < piece.rowEnd; row++) {
      for (let col = 0; col < ncols; col += TILE) {
        const from = row * ncols + col;
        const width = Math.min(TILE, ncols - col);
        const to = i * npix + from;
        tile.load(ramp, i, from, width, zeroframe, nframes);
        tile.fit(gain, readnoise, averageDark, from, width, thresholds, wantChisq);
        planes.forEach((plane, r) => {
          plane.set(out.subarray(r * TILE, r * TILE + width), to);
        });
        rateints.dq.set(pixeldq.subarray(from, from + width), to);
        for (let k = 0; k < width; k++) {
          if (regular[k] !== 0) {
            if (any[k] !== 0) rateints.dq[to + k] |= any[k] & (SATURATED | JUMP_DET);
            continue;
          }
          const p = from + k;
          pixel.gain = gain[p];
          pixel.noise = readnoise[p] / Math.SQRT2;
          const guess = fitPixel(piece, pixel, c, tile, k) + (averageDark === undefined ? 0 : averageDark[p]);
          pixel.fit(guess, false);
          pixel.finish(guess);
          rateints.slope[to + k] = pixel.rate;
          rateints.err[to + k] = pixel.uncertainty;
          rateints.varPoisson[to + k] = pixel.varPoisson;
          rateints.varRnoise[to + k] = pixel.varRead;
          if (wantChisq) chisq[to + k] = pixel.chisq;
          rateints.dq[to + k] |= flagsOf(tile, pixel.use, c.n, k);
        }
      }
    }
  }
  combineIntegrations(rateints, nints, piece.rate, chisq, piece.chisqSum, piece.rowStart * ncols, piece.rowEnd * ncols);
}
