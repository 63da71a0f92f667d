/** Frames averaged into each group, as numbers of reads counted from 1: what the dilution by averaging follows from. */
export interface ReadPattern {
  /** Mean read of each group. */
  mean: Float64Array;
  /** Last read of each group. */
  last: Float64Array;
  /** Reads in each group. */
  count: Float64Array;
}

/** Pattern of `ngroups` groups of `nframes` frames without gaps. */
export function readPattern(ngroups: number, nframes: number): ReadPattern {
  const groups = Array.from({ length: ngroups }, (_, g) => g * nframes);
  return {
    mean: Float64Array.from(groups, (g) => g + (nframes + 1) / 2),
    last: Float64Array.from(groups, (g) => g + nframes),
    count: new Float64Array(ngroups).fill(nframes),
  };
}
