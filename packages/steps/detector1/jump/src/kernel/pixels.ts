import { group } from "@calwebb/dqflags";
import { clipLimits } from "./clip.js";
import { findJumps, thresholdFor } from "./iterate.js";
import type { RangeArgs } from "./range.js";
import { copyValid, medianOfSorted, sortFirst } from "./sort.js";
import type { SpotList } from "./spots.js";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;
const BAD = DO_NOT_USE | SATURATED;

/**
 * First differences of one pixel [e-] into `out`, NaN beside unusable groups; gives the OR of the pixel's group flags.
 * Products and differences round to float32.
 */
export function differences(
  data: Float32Array,
  groupdq: Uint8Array,
  gain: number,
  nints: number,
  ngroups: number,
  npix: number,
  pixel: number,
  out: Float64Array,
): number {
  let flags = 0;
  let at = pixel;
  let d = 0;
  for (let i = 0; i < nints; i++) {
    let f = groupdq[at];
    let before = (f & BAD) !== 0 ? Number.NaN : Math.fround(data[at] * gain);
    flags |= f;
    at += npix;
    for (let g = 1; g < ngroups; g++) {
      f = groupdq[at];
      flags |= f;
      const value = (f & BAD) !== 0 ? Number.NaN : Math.fround(data[at] * gain);
      out[d++] = Math.fround(value - before);
      before = value;
      at += npix;
    }
  }
  return flags;
}

/** Median of the differences that are not NaN. */
export function medianDifference(diffs: Float64Array, length: number, scratch: Float64Array): number {
  const n = copyValid(diffs, length, scratch);
  sortFirst(scratch, n);
  return medianOfSorted(scratch, n);
}

/**
 * Flag the jumps of a range of pixels in `groupdq`, in place, one pixel after the other.
 * @param spots - receives the jumps that flag their neighbours
 * @returns the number of jumps
 */
export function detectPixels(a: RangeArgs, spots: SpotList): number {
  const { data, groupdq, gain, readnoise, nints, ngroups, npix, mode, neighbours } = a;
  const f32 = Math.fround;
  const perRamp = ngroups - 1;
  const length = nints * perRamp;
  const diffs = new Float64Array(length);
  const absolute = new Float64Array(length);
  const scratch = new Float64Array(length);
  const marks = new Uint8Array(length);
  const clipping = mode === "clip-integrations" || mode === "clip-all";
  const iterative = mode === "iterative";
  const [countFrom, countTo] = a.counted ?? [0, npix];
  let jumps = 0;
  for (let p = a.start; p < a.end; p++) {
    let flags = differences(data, groupdq, gain[p], nints, ngroups, npix, p, diffs);
    let n = 0;
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let d = 0; d < length; d++) {
      const x = iterative ? Math.abs(diffs[d]) : diffs[d];
      if (x < low) low = x;
      if (x > high) high = x;
      if (!Number.isNaN(x)) n++;
    }
    const noise32 = f32(readnoise[p] * gain[p]);
    const noise = f32(noise32 * noise32) / a.nframes;
    let found = false;
    if (clipping) found = clipPixel(diffs, nints, perRamp, a, scratch, marks);
    else if (n >= (iterative ? 2 : 1)) {
      // No difference can be further from the median than the range; no sigma is below that of the smallest level.
      const range = high - low;
      const floor = low > 0 ? low : high < 0 ? -high : 0;
      const limit = iterative ? thresholdFor(a, n) : a.threshold;
      if (!(range * range <= limit * limit * (floor + noise) * 0.9999)) {
        if (iterative) {
          for (let d = 0; d < length; d++) absolute[d] = Math.abs(diffs[d]);
          found = findJumps(absolute, length, noise, a, marks, scratch);
        } else found = markDeviant(diffs, length, noise, a.threshold, marks, scratch);
      }
    }
    if (found) {
      flags |= setJumps(groupdq, marks, nints, ngroups, npix, p);
    }
    if ((flags & JUMP_DET) === 0) continue;
    const count = finishPixel(
      groupdq,
      diffs,
      nints,
      ngroups,
      npix,
      p,
      noise,
      clipping ? null : neighbours,
      spots,
      scratch,
      clipping,
    );
    if (p >= countFrom && p < countTo) jumps += count;
  }
  return jumps;
}

/** Mark finite differences further from the median than `threshold` sigma. */
function markDeviant(
  diffs: Float64Array,
  length: number,
  noise: number,
  threshold: number,
  marks: Uint8Array,
  scratch: Float64Array,
): boolean {
  const median = medianDifference(diffs, length, scratch);
  const sigma = Math.sqrt(Math.abs(median) + noise);
  if (!(sigma > 0)) return false;
  let found = false;
  for (let d = 0; d < length; d++)
    if (Math.abs(diffs[d] - median) / sigma > threshold && Number.isFinite(diffs[d])) {
      marks[d] = 1;
      found = true;
    }
  return found;
}

/** Mark differences that sigma clipping rejects. */
function clipPixel(
  diffs: Float64Array,
  nints: number,
  perRamp: number,
  a: RangeArgs,
  scratch: Float64Array,
  marks: Uint8Array,
): boolean {
  const together = a.mode === "clip-all";
  const samples = together ? nints * perRamp : nints;
  const step = together ? 1 : perRamp;
  let found = false;
  for (let g = 0; g < (together ? 1 : perRamp); g++) {
    let n = 0;
    for (let s = 0, d = g; s < samples; s++, d += step) if (Number.isFinite(diffs[d])) scratch[n++] = diffs[d];
    const [low, high] = clipLimits(scratch, n, a.threshold);
    for (let s = 0, d = g; s < samples; s++, d += step)
      if (Number.isFinite(diffs[d]) && (diffs[d] < low || diffs[d] > high)) {
        marks[d] = 1;
        found = true;
      }
  }
  return found;
}

/** Turn marks at differences into flags of the later group, and clear the marks. */
function setJumps(
  groupdq: Uint8Array,
  marks: Uint8Array,
  nints: number,
  ngroups: number,
  npix: number,
  p: number,
): number {
  let d = 0;
  for (let i = 0; i < nints; i++)
    for (let g = 1; g < ngroups; g++, d++)
      if (marks[d] !== 0) {
        groupdq[(i * ngroups + g) * npix + p] |= JUMP_DET;
        marks[d] = 0;
      }
  return JUMP_DET;
}

/** Count the jumps of a pixel, note those that spread, and drop the flag where a group is unusable anyway. */
function finishPixel(
  groupdq: Uint8Array,
  diffs: Float64Array,
  nints: number,
  ngroups: number,
  npix: number,
  p: number,
  noise: number,
  neighbours: { min: number; max: number } | null,
  spots: SpotList,
  scratch: Float64Array,
  keepRedundant: boolean,
): number {
  let jumps = 0;
  const perRamp = ngroups - 1;
  let median = 0;
  let sigma = 0;
  if (neighbours !== null) {
    median = medianDifference(diffs, nints * perRamp, scratch);
    sigma = Math.sqrt(Math.abs(median) + noise);
    if (sigma === 0) sigma = Number.NaN;
  }
  for (let i = 0; i < nints; i++)
    for (let g = 0; g < ngroups; g++) {
      const at = (i * ngroups + g) * npix + p;
      const f = groupdq[at];
      if ((f & JUMP_DET) === 0) continue;
      jumps++;
      if (neighbours !== null && g > 0) {
        const ratio = Math.abs(diffs[i * perRamp + g - 1] - median) / sigma;
        if (ratio < neighbours.max && ratio > neighbours.min) spots.push(i * ngroups + g, p);
      }
      if (!keepRedundant && (f & BAD) !== 0) groupdq[at] = f & ~JUMP_DET;
    }
  return jumps;
}

/** Count flagged jumps and note those that spread, without looking for new ones. */
export function surveyPixels(a: RangeArgs, spots: SpotList): number {
  const { data, groupdq, gain, readnoise, nints, ngroups, npix } = a;
  const diffs = new Float64Array(nints * (ngroups - 1));
  const scratch = new Float64Array(nints * (ngroups - 1));
  const [countFrom, countTo] = a.counted ?? [0, npix];
  let jumps = 0;
  for (let p = a.start; p < a.end; p++) {
    const flags = differences(data, groupdq, gain[p], nints, ngroups, npix, p, diffs);
    if ((flags & JUMP_DET) === 0) continue;
    const noise32 = Math.fround(readnoise[p] * gain[p]);
    const noise = Math.fround(noise32 * noise32) / a.nframes;
    const count = finishPixel(groupdq, diffs, nints, ngroups, npix, p, noise, a.neighbours, spots, scratch, false);
    if (p >= countFrom && p < countTo) jumps += count;
  }
  return jumps;
}
