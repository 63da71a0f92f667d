import { group, pixel } from "@calwebb/dqflags";

const { DO_NOT_USE, SATURATED } = group;

/**
 * Add DO_NOT_USE to the first group of every integration, in place.
 * @param groupdq - [nints][ngroups][npix]
 */
export function flagFirst(groupdq: Uint8Array, nints: number, ngroups: number, npix: number): void {
  for (let i = 0; i < nints; i++) {
    const at = i * ngroups * npix;
    for (let p = at; p < at + npix; p++) groupdq[p] |= DO_NOT_USE;
  }
}

/**
 * The same, but a pixel keeps its first group in integrations whose third group is saturated: the signal from group 1 to
 * group 2 then outweighs the first-frame effect. Such pixels are marked FLUX_ESTIMATED.
 * @param groupdq - [nints][ngroups][npix], in place
 * @param pixeldq - [npix], in place
 * @returns the number of marked pixels that are not DO_NOT_USE
 */
export function flagFirstUnlessBright(
  groupdq: Uint8Array,
  pixeldq: Uint32Array,
  nints: number,
  ngroups: number,
  npix: number,
): number {
  const kept = new Uint8Array(npix);
  for (let i = 0; i < nints; i++) {
    const at = i * ngroups * npix;
    for (let p = 0; p < npix; p++) {
      if (ngroups > 2 && (groupdq[at + 2 * npix + p] & SATURATED) !== 0) kept[p] = 1;
      else groupdq[at + p] |= DO_NOT_USE;
    }
  }
  let usable = 0;
  for (let p = 0; p < npix; p++) {
    if (kept[p] === 0) continue;
    pixeldq[p] |= pixel.FLUX_ESTIMATED;
    if ((pixeldq[p] & pixel.DO_NOT_USE) === 0) usable++;
  }
  return usable;
}
