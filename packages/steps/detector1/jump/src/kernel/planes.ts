import { group } from "@calwebb/dqflags";

/** Whether every value of a plane has one of the bits. */
export function planeHas(groupdq: Uint8Array, offset: number, npix: number, bits: number): boolean {
  for (let p = offset; p < offset + npix; p++) if ((groupdq[p] & bits) === 0) return false;
  return true;
}

/** Groups of a ramp that no pixel can use. */
export interface UsableCounts {
  /** Usable groups of the integration that has the fewest. */
  groups: number;
  /** Usable groups of all integrations together. */
  total: number;
}

/**
 * Count the groups that are not DO_NOT_USE in every pixel.
 * @param groupdq - (nints, ngroups, npix)
 */
export function countUsable(groupdq: Uint8Array, nints: number, ngroups: number, npix: number): UsableCounts {
  let most = 0;
  let all = 0;
  for (let i = 0; i < nints; i++) {
    let lost = 0;
    for (let g = 0; g < ngroups; g++) if (planeHas(groupdq, (i * ngroups + g) * npix, npix, group.DO_NOT_USE)) lost++;
    most = Math.max(most, lost);
    all += lost;
  }
  return { groups: ngroups - most, total: nints * ngroups - all };
}

/** A jump in a saturated or unusable group says nothing: take JUMP_DET away there, in place. */
export function dropRedundant(groupdq: Uint8Array): void {
  const bad = group.DO_NOT_USE | group.SATURATED;
  for (let p = 0; p < groupdq.length; p++) {
    const f = groupdq[p];
    if ((f & group.JUMP_DET) !== 0 && (f & bad) !== 0) groupdq[p] = f & ~group.JUMP_DET;
  }
}
