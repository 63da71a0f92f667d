import { group } from "@calwebb/dqflags";
import type { GroupRange } from "./types.js";

const { DO_NOT_USE, PERSISTENCE } = group;

/** What is left of a ramp after whole groups were dropped, or why nothing is. */
export type UsableGroups = (GroupRange & { empty?: undefined }) | { empty: "all-flagged" | "too-few" };

/**
 * Groups of a MIRI ramp that some pixel can use: leading groups that are DO_NOT_USE everywhere are dropped, and the last
 * one if it is. Fewer than two groups left cannot be fitted.
 * @param groupdq - (nints, ngroups, npix)
 * @param suppressOneGroup - whether ramps with a single good group count as unusable throughout
 */
export function usableGroups(
  groupdq: Uint8Array,
  nints: number,
  ngroups: number,
  npix: number,
  suppressOneGroup: boolean,
): UsableGroups {
  const lone = (i: number, p: number): boolean => {
    let good = 0;
    for (let g = 0; g < ngroups; g++) if ((groupdq[(i * ngroups + g) * npix + p] & ~PERSISTENCE) === 0) good++;
    return good === 1;
  };
  const unused = (g: number): boolean => {
    for (let i = 0; i < nints; i++) {
      const base = (i * ngroups + g) * npix;
      for (let p = 0; p < npix; p++) {
        if (groupdq[base + p] & DO_NOT_USE) continue;
        if (!suppressOneGroup || !lone(i, p)) return false;
      }
    }
    return true;
  };
  let first = 0;
  while (first < ngroups && unused(first)) first++;
  if (first === ngroups) return { empty: "all-flagged" };
  const end = unused(ngroups - 1) ? ngroups - 1 : ngroups;
  if (end === first) return { empty: "all-flagged" };
  return end - first < 2 ? { empty: "too-few" } : { first, end };
}

/**
 * Whether every ramp is saturated from group `first` on in all integrations.
 * @param groupdq - (nints, ngroups, npix)
 */
export function allSaturated(
  groupdq: Uint8Array,
  nints: number,
  ngroups: number,
  npix: number,
  first: number,
): boolean {
  for (let i = 0; i < nints; i++) {
    const base = (i * ngroups + first) * npix;
    for (let p = 0; p < npix; p++) if ((groupdq[base + p] & group.SATURATED) === 0) return false;
  }
  return true;
}

/**
 * Flag groups before `first` and after `last` (both inclusive limits of what is kept) DO_NOT_USE, in place.
 * @param groupdq - (nints, ngroups, npix)
 */
export function excludeGroups(
  groupdq: Uint8Array,
  nints: number,
  ngroups: number,
  npix: number,
  first: number,
  last: number,
): void {
  for (let i = 0; i < nints; i++) {
    for (let g = 0; g < ngroups; g++) {
      if (g >= first && g <= last) continue;
      const base = (i * ngroups + g) * npix;
      for (let p = 0; p < npix; p++) groupdq[base + p] |= DO_NOT_USE;
    }
  }
}
