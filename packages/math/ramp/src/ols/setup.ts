import type { FitPlanes, GroupRange, RampData, RampTiming, SegmentPlanes } from "../types.js";

/** What an ordinary least squares fit takes; arrays and numbers only, so that it travels to workers. */
export interface OlsInput {
  ramp: RampData;
  timing: RampTiming;
  /** Groups to use; all when left out. */
  groups?: GroupRange | undefined;
  /** Gain [e-/DN], (nrows, ncols). */
  gain: Float32Array;
  /** Read noise of a difference of two frames [DN], (nrows, ncols). */
  readnoise: Float32Array;
  /** Give up on integrations with a single good group instead of dividing it by a time. */
  suppressOneGroup?: boolean | undefined;
  /** Use the WASM SIMD kernels where there are some (default true); pixels without flags may differ in the last digit. */
  simd?: boolean | undefined;
}

/** An input with the rows to work on and the arrays to fill. */
export interface OlsPiece extends OlsInput {
  rowStart: number;
  rowEnd: number;
  rate: FitPlanes;
  rateints: FitPlanes;
  segments?: SegmentPlanes | undefined;
}

/** Times and factors that every pixel shares. */
export interface OlsConstants {
  groupTime: number;
  frameTime: number;
  /** Effective time of a lone first group [s]: the mean time of its frames. */
  oneGroupTime: number;
  /** Mean time of the first group in units of the group time. */
  pedestalGroups: number;
}

/** Times are single precision in the reference implementation. */
export function olsConstants(t: RampTiming): OlsConstants {
  const frameTime = Math.fround(t.frameTime);
  return {
    groupTime: Math.fround(t.groupTime),
    frameTime,
    oneGroupTime: ((t.nframes + 1) * frameTime) / 2,
    pedestalGroups: ((t.nframes + 1) / 2 + (t.dropFrames1 ?? 0)) / (t.nframes + t.groupgap),
  };
}

/** What the noise of a difference of two frames is divided by for a mean of `nframes` of them. */
export const noiseRoot = (nframes: number): number => Math.sqrt(2 * nframes);

/**
 * Read noise of one group in electrons from a reference that holds the noise of a difference of two frames in DN: readnoise * gain /
 * sqrt(2 nframes), rounded to single precision once.
 * @param out - receives it for n pixels
 * @param readnoise - [DN], from pixel `from` on; @param gain - [e-/DN], likewise
 * @param nframes - frames averaged into a group
 */
export function groupNoise(
  out: Float32Array,
  readnoise: Float32Array,
  gain: Float32Array,
  nframes: number,
  from: number,
  n: number,
): void {
  const root = noiseRoot(nframes);
  for (let i = 0; i < n; i++) out[i] = readnoise[from + i] * (gain[from + i] / root);
}
