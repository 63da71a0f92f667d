import { group } from "@calwebb/dqflags";

/**
 * Add DO_NOT_USE to the last group of every integration, in place.
 * @param groupdq - [nints][ngroups][npix]
 */
export function flagLast(groupdq: Uint8Array, nints: number, ngroups: number, npix: number): void {
  for (let i = 1; i <= nints; i++) {
    const end = i * ngroups * npix;
    for (let p = end - npix; p < end; p++) groupdq[p] |= group.DO_NOT_USE;
  }
}
