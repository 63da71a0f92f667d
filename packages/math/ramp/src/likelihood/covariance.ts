import { pairwiseSum } from "@calwebb/stats";
import type { RampTiming } from "../types.js";

/**
 * Times of the reads and what follows from them for the covariance of the differences of neighbouring groups, scaled to
 * rates: covariance = photon part * rate / gain + read part * noise^2 (Brandt 2024a, PASP 136, 045004, eqs. 4, 11, 28, 29).
 */
export interface Covariance {
  /** Number of differences. */
  n: number;
  /** Times between the mean times of neighbouring groups [s]. */
  deltaT: Float64Array;
  /** Diagonal elements, n of each. */
  alphaPhoton: Float64Array;
  alphaRead: Float64Array;
  /** Elements beside the diagonal, n - 1 of each. */
  betaPhoton: Float64Array;
  betaRead: Float64Array;
  /** Whether leaving out differences k and k+1 together is tried: their common group averages several reads. */
  pairs: Uint8Array;
}

/** Times at which the reads of each group were taken, for evenly spaced groups. */
export function evenReadTimes(t: RampTiming, ngroups: number): number[][] {
  const frames = t.nframes + t.groupgap;
  return Array.from({ length: ngroups }, (_, g) =>
    Array.from({ length: t.nframes }, (_, r) => (r + 1 + g * frames) * t.frameTime),
  );
}

/**
 * Covariance terms of groups that average reads taken at the given times.
 * @param times - for each group the times of its reads [s], at least one
 */
export function covariance(times: readonly (readonly number[])[]): Covariance {
  const groups = times.length;
  const mean = new Float64Array(groups);
  const tau = new Float64Array(groups);
  for (let g = 0; g < groups; g++) {
    // Summed pairwise as the reference implementation does: the last digit decides where two omissions are equally good.
    const t = Float64Array.from(times[g]);
    const reads = t.length;
    mean[g] = pairwiseSum(t, 0, reads) / reads;
    for (let r = 0; r < reads; r++) t[r] *= 2 * reads + 1 - 2 * (r + 1);
    tau[g] = pairwiseSum(t, 0, reads) / reads ** 2;
  }
  const n = groups - 1;
  const c: Covariance = {
    n,
    deltaT: new Float64Array(n),
    alphaPhoton: new Float64Array(n),
    alphaRead: new Float64Array(n),
    betaPhoton: new Float64Array(n - 1),
    betaRead: new Float64Array(n - 1),
    pairs: new Uint8Array(n - 1),
  };
  for (let k = 0; k < n; k++) {
    const dt = mean[k + 1] - mean[k];
    c.deltaT[k] = dt;
    c.alphaRead[k] = (1 / times[k].length + 1 / times[k + 1].length) / dt ** 2;
    c.alphaPhoton[k] = (tau[k] + tau[k + 1] - 2 * mean[k]) / dt ** 2;
  }
  for (let k = 0; k < n - 1; k++) {
    const reads = times[k + 1].length;
    const product = c.deltaT[k + 1] * c.deltaT[k];
    c.betaRead[k] = -1 / (reads * c.deltaT[k + 1] * c.deltaT[k]);
    c.betaPhoton[k] = (mean[k + 1] - tau[k + 1]) / product;
    c.pairs[k] = reads > 1 ? 1 : 0;
  }
  return c;
}
