export { type SubtractReference, subtractReference } from "@calwebb/planes";

/** A MIRI ramp and its reset reference, in planes. */
export interface ResetPattern {
  nints: number;
  ngroups: number;
  /** Groups that the reference holds per integration. */
  resetNgroups: number;
  /** Integrations before `end` are corrected, number i with integration `before + i` of the reference, or with its last. */
  end: number;
  before: number;
  resetNints: number;
  /** How many groups, from the first, are corrected. */
  correct: number;
}

/** Which plane of the reference each plane of the ramp takes, -1 for none. */
export function resetPlanes(p: ResetPattern): number[] {
  return Array.from({ length: p.nints * p.ngroups }, (_, plane) => {
    const i = Math.floor(plane / p.ngroups);
    const g = plane % p.ngroups;
    if (i >= p.end || g >= p.correct) return -1;
    return Math.min(p.before + i, p.resetNints - 1) * p.resetNgroups + g;
  });
}
