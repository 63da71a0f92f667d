import { group, pixel } from "@calwebb/dqflags";

const { DO_NOT_USE, SATURATED } = group;

/** What flagging a range of integrations did. */
export interface SkipResult {
  /** Pixels in which saturation lowered the number of skipped groups in any integration. */
  lowered: number;
  /** Pixels in which no group is skipped in some integration, counted only where saturation lowered the number. */
  none: number;
}

/**
 * Flag the first `skip` groups of the integrations first..last as DO_NOT_USE, in place. Where saturation starts early, fewer
 * groups are flagged, so that groups remain to fit: the number is lowered one by one while the group after the skipped ones
 * but one is saturated. Pixels saturated from group 1 on cannot be helped and keep the full number. Lowered pixels are
 * marked FLUX_ESTIMATED.
 * @param groupdq - [nints][ngroups][npix]
 * @param pixeldq - [npix]
 * @param skip - groups to skip, at most ngroups - 2
 */
export function flagFirstGroups(
  groupdq: Uint8Array,
  pixeldq: Uint32Array,
  ngroups: number,
  npix: number,
  first: number,
  last: number,
  skip: number,
): SkipResult {
  const n = Math.max(0, last - first);
  const skips = new Int16Array(n * npix).fill(skip);
  let level = skip + 2;
  let found = saturatedAt(groupdq, ngroups, npix, first, last, level);
  const any = found > 0;
  while (found > 0 && level > 1) {
    lower(groupdq, skips, ngroups, npix, first, last, level);
    level -= 1;
    found = saturatedAt(groupdq, ngroups, npix, first, last, level);
  }
  for (let i = 0; i < n; i++)
    for (let g = 0; g < skip; g++) {
      const at = ((first + i) * ngroups + g) * npix;
      for (let p = 0; p < npix; p++) if (g < skips[i * npix + p]) groupdq[at + p] |= DO_NOT_USE;
    }
  return any ? mark(pixeldq, skips, n, npix, skip) : { lowered: 0, none: 0 };
}

/** Pixels of the integrations that are saturated in group `level` (1 = first) but not in the first. */
function saturatedAt(
  dq: Uint8Array,
  ngroups: number,
  npix: number,
  first: number,
  last: number,
  level: number,
): number {
  let found = 0;
  for (let i = first; i < last; i++) {
    const one = i * ngroups * npix;
    const at = one + (level - 1) * npix;
    for (let p = 0; p < npix; p++) if ((dq[at + p] & SATURATED) !== 0 && (dq[one + p] & SATURATED) === 0) found++;
  }
  return found;
}

function lower(
  dq: Uint8Array,
  skips: Int16Array,
  ngroups: number,
  npix: number,
  first: number,
  last: number,
  level: number,
): void {
  for (let i = first; i < last; i++) {
    const one = i * ngroups * npix;
    const at = one + (level - 1) * npix;
    const to = (i - first) * npix;
    for (let p = 0; p < npix; p++)
      if ((dq[at + p] & SATURATED) !== 0 && (dq[one + p] & SATURATED) === 0 && skips[to + p] > 0) skips[to + p]--;
  }
}

function mark(pixeldq: Uint32Array, skips: Int16Array, n: number, npix: number, skip: number): SkipResult {
  let lowered = 0;
  let none = 0;
  for (let p = 0; p < npix; p++) {
    let least = skip;
    for (let i = 0; i < n; i++) if (skips[i * npix + p] < least) least = skips[i * npix + p];
    if (least < skip) {
      lowered++;
      pixeldq[p] |= pixel.FLUX_ESTIMATED;
    }
    if (n > 0 && least === 0) none++;
  }
  return { lowered, none };
}
