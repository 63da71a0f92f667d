import { group } from "@calwebb/dqflags";
import type { FitPlanes, RampData } from "../types.js";
import { type Covariance, covariance } from "./covariance.js";
import { type JumpThresholds, LikelihoodPixel } from "./pixel.js";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;

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
  /** (nints, nrows, ncols) */
  chisq: Float32Array;
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

/**
 * Maximum likelihood fit of the rows rowStart .. rowEnd-1; each integration by itself. Results are written to the planes of
 * the piece; pieces do not influence each other.
 */
export function fitLikelihoodRows(piece: LikelihoodPiece): void {
  const { ramp, gain, readnoise, thresholds, rateints, chisq, nframes } = piece;
  const { nints, ngroups, nrows, ncols, data, groupdq, pixeldq, averageDark, zeroframe } = ramp;
  const npix = nrows * ncols;
  const zero = usesZeroframe(piece) ? 1 : 0;
  const c = sampleCovariance(piece);
  const samples = ngroups + zero;
  const pixel = new LikelihoodPixel(c);
  const { diffs, use } = pixel;
  const values = new Float32Array(samples);
  const flags = new Uint8Array(samples);
  const before = new Uint8Array(samples);
  for (let i = 0; i < nints; i++) {
    for (let p = piece.rowStart * ncols; p < piece.rowEnd * ncols; p++) {
      const at = i * npix + p;
      for (let g = 0; g < ngroups; g++) {
        values[zero + g] = data[(i * ngroups + g) * npix + p];
        flags[zero + g] = groupdq[(i * ngroups + g) * npix + p];
      }
      if (zero === 1 && zeroframe !== undefined) {
        values[0] = zeroframe[at];
        flags[0] = flags[1];
        values[1] = Math.fround(Math.fround(values[1] * nframes) - values[0]) / (nframes - 1);
      }
      for (let k = 0; k < c.n; k++) {
        diffs[k] = Math.fround(values[k + 1] - values[k]) / c.deltaT[k];
        use[k] = flags[k] === 0 && flags[k + 1] === 0 ? 1 : 0;
        before[k] = use[k];
      }
      pixel.gain = gain[p];
      pixel.noise = readnoise[p] / Math.SQRT2;
      let guess = pixel.findJumps(thresholds);
      guess = guess * (guess > 0 ? 1 : 0) + (averageDark === undefined ? 0 : averageDark[p]);
      pixel.fit(guess, false);
      pixel.finish(guess);
      rateints.slope[at] = pixel.rate;
      rateints.err[at] = pixel.uncertainty;
      rateints.varPoisson[at] = pixel.varPoisson;
      rateints.varRnoise[at] = pixel.varRead;
      chisq[at] = pixel.chisq;
      let any = 0;
      let usable = false;
      for (let s = 0; s < samples; s++) {
        const q = flags[s] | (s > 0 && before[s - 1] !== use[s - 1] ? JUMP_DET : 0);
        any |= q;
        if ((q & (DO_NOT_USE | SATURATED)) === 0) usable = true;
      }
      rateints.dq[at] = pixeldq[p] | (any & (SATURATED | JUMP_DET)) | (usable ? 0 : DO_NOT_USE);
    }
  }
}
