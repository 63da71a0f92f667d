import { defineTask, type Task } from "@calwebb/array";
import { detectPixels, surveyPixels } from "./pixels.js";
import type { RangeArgs, RangeResult } from "./range.js";
import { flagNeighbours, SpotList } from "./spots.js";
import { DetectTile, type TileMode } from "./tile.js";

/**
 * Flag the jumps of a range of pixels in `groupdq`, in place, and their neighbours in the range. Each difference is compared with
 * the ramp's median difference in units of sigma = sqrt(|median| + read noise^2 / nframes); see `findJumps` for the
 * iterative method.
 */
export function detectRange(a: RangeArgs): RangeResult {
  const { mode } = a;
  return mode === "iterative" || mode === "single" ? run(a, mode, detectPixels) : run(a, undefined, detectPixels);
}

/** For ramps that were clipped: count the jumps and flag the neighbours in the range, without looking for new ones. */
export function surveyRange(a: RangeArgs): RangeResult {
  return run(a, "survey", surveyPixels);
}

/** @param mode - how the SIMD kernel judges pixels; undefined where it cannot */
function run(a: RangeArgs, mode: TileMode | undefined, plain: (a: RangeArgs, spots: SpotList) => number): RangeResult {
  const { groupdq, nrows, ncols, start, end } = a;
  const spots = new SpotList();
  const tile = mode === undefined || a.simd === false ? undefined : DetectTile.make(a.nints, a.ngroups);
  let jumps = 0;
  if (tile === undefined || mode === undefined) jumps = plain(a, spots);
  else
    for (let from = start; from < end; from += tile.width)
      jumps += tile.run(a, mode, from, Math.min(end, from + tile.width), spots);
  return { jumps, spots: flagNeighbours(groupdq, spots.spots(), nrows, ncols, start, end) };
}

/** {@link detectRange} for the executor. */
export const detectTask: Task<RangeArgs, RangeResult> = defineTask(import.meta.url, "detectRange", detectRange);
/** {@link surveyRange} for the executor. */
export const surveyTask: Task<RangeArgs, RangeResult> = defineTask(import.meta.url, "surveyRange", surveyRange);
