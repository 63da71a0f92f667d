import { group } from "@calwebb/dqflags";
import { evaluate, evaluate32 } from "./polynomial.js";

const SATURATED = group.SATURATED;

/**
 * Correct groups that are averages of several frames, frame by frame, in place.
 *
 * A straight ramp through the first and the last safely unsaturated group (both corrected) predicts the linear counts of
 * every frame; the inverse polynomial turns them into the counts the detector showed, which are shifted so that their mean
 * is the group's value; each is corrected and the mean taken. Frame g of group j is read number j*nframes + g + 1.
 * @param data - one integration [ngroups][npix], pixels start..start+n are changed
 * @param dq - its GROUPDQ; SATURATED groups keep their value
 * @param c - coefficients [ncoeffs][n], `ci` inverse coefficients [ninverse][n]
 */
export function correctAveraged(
  data: Float32Array,
  dq: Uint8Array,
  ngroups: number,
  npix: number,
  start: number,
  n: number,
  c: Float32Array,
  ncoeffs: number,
  ci: Float32Array,
  ninverse: number,
  nframes: number,
): void {
  const reads = new Float64Array(nframes);
  // Mean read number of a group, relative to the first: exact, since the reads of a group are consecutive.
  for (let i = 0; i < n; i++) {
    const p = start + i;
    let good = 0;
    for (let g = 0; g < ngroups; g++) if ((dq[g * npix + p] & SATURATED) === 0) good++;
    // The last unsaturated group may saturate in its last frames, so it is not used for the slope.
    good -= 1;
    if (good < 2) good = 2;
    const last = good - 1;
    const x0 = data[p];
    const x1 = data[last * npix + p];
    const first = (dq[p] & SATURATED) !== 0 ? x0 : evaluate32(x0, c, ncoeffs, n, i);
    const final = (dq[last * npix + p] & SATURATED) !== 0 ? x1 : evaluate32(x1, c, ncoeffs, n, i);
    const rate = Math.fround(final - first) / (last * nframes);
    for (let g = 0; g < ngroups; g++) {
      const at = g * npix + p;
      if ((dq[at] & SATURATED) !== 0) continue;
      let mean = 0;
      for (let r = 0; r < nframes; r++) {
        const since = g * nframes + r + 1 - (nframes + 1) / 2;
        reads[r] = evaluate(first + rate * since, ci, ninverse, n, i);
        mean += reads[r];
      }
      const offset = data[at] - mean / nframes;
      let sum = 0;
      for (let r = 0; r < nframes; r++) sum += evaluate(reads[r] + offset, c, ncoeffs, n, i);
      data[at] = sum / nframes;
    }
  }
}
