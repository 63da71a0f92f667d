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

/**
 * The flags of all groups of each of the pixels [from, to) together, into `out`.
 * @param groupdq - (planes, npix)
 */
export function combineFlags(groupdq: Uint8Array, npix: number, from: number, to: number, out: Uint8Array): void {
  const n = to - from;
  out.fill(0, 0, n);
  const aligned = groupdq.byteOffset % 4 === 0 && npix % 4 === 0 && from % 4 === 0 && n % 4 === 0;
  for (let base = from; base < groupdq.length; base += npix)
    if (aligned) combineWords(groupdq, base, n, out);
    else for (let i = 0; i < n; i++) out[i] |= groupdq[base + i];
}

/** Four flags at once. */
function combineWords(groupdq: Uint8Array, base: number, n: number, out: Uint8Array): void {
  const from = new Uint32Array(groupdq.buffer, groupdq.byteOffset + base, n >> 2);
  const to = new Uint32Array(out.buffer, out.byteOffset, n >> 2);
  for (let i = 0; i < from.length; i++) to[i] |= from[i];
}
