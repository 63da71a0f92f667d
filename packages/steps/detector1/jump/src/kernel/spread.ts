import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { differences, medianDifference } from "./pixels.js";
import { combineFlags } from "./planes.js";
import type { RangeArgs } from "./range.js";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;
const BAD = DO_NOT_USE | SATURATED;

/** Pixels whose flags are looked at together. */
const BLOCK = 4096;

/** What {@link flagAfterRange} needs beside the ramps. */
export interface AfterArgs extends RangeArgs {
  /** Jumps of at least so many electrons ... */
  electrons1: number;
  /** ... flag so many following groups. */
  groups1: number;
  electrons2: number;
  groups2: number;
}

/**
 * Flag the groups that follow large jumps, in place, unless they are saturated or unusable.
 * A jump's size is its difference less the ramp's median difference.
 */
export function flagAfterRange(a: AfterArgs): void {
  const { data, groupdq, gain, nints, ngroups, npix } = a;
  const perRamp = ngroups - 1;
  const diffs = new Float64Array(nints * perRamp);
  const scratch = new Float64Array(nints * perRamp);
  const marks = new Uint8Array(ngroups);
  const reach = (n: number): number => Math.max(0, Math.min(n, ngroups - 2));
  const reach1 = reach(a.groups1);
  const reach2 = reach(a.groups2);
  const flags = new Uint8Array(BLOCK);
  for (let p = a.start; p < a.end; p++) {
    const at = (p - a.start) % BLOCK;
    if (at === 0) combineFlags(groupdq, npix, p, Math.min(a.end, p + BLOCK), flags);
    if ((flags[at] & JUMP_DET) === 0) continue;
    differences(data, groupdq, gain[p], nints, ngroups, npix, p, diffs);
    const median = medianDifference(diffs, nints * perRamp, scratch);
    for (let i = 0; i < nints; i++) {
      let any = false;
      for (let g = 1; g < ngroups; g++) {
        if ((groupdq[(i * ngroups + g) * npix + p] & JUMP_DET) === 0) continue;
        const size = diffs[i * perRamp + g - 1] - median;
        let end = -1;
        if (size >= a.electrons1) end = g + reach1;
        if (size >= a.electrons2) end = Math.max(end, g + reach2);
        for (let k = g; k <= Math.min(end, ngroups - 1); k++) {
          marks[k] = 1;
          any = true;
        }
      }
      if (!any) continue;
      for (let g = 1; g < ngroups; g++) {
        if (marks[g] === 0) continue;
        marks[g] = 0;
        const at = (i * ngroups + g) * npix + p;
        if ((groupdq[at] & BAD) === 0) groupdq[at] |= JUMP_DET;
      }
    }
  }
}

/** {@link flagAfterRange} for the executor. */
export const afterTask: Task<AfterArgs, void> = defineTask(import.meta.url, "flagAfterRange", flagAfterRange);
