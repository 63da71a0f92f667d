import { group } from "@calwebb/dqflags";

const { DO_NOT_USE, PERSISTENCE, SATURATED } = group;

/** Seconds since 1970-01-01 UTC of a Modified Julian Date. */
export function mjdToEpoch(mjd: number): number {
  return (mjd - 40587) * 86400;
}

/** How groups are flagged. */
export interface WindowOptions {
  /** Length of a window, seconds */
  window: number;
  /** A group above this value [DN] opens a window; null: saturation only. */
  threshold: number | null;
  /** Flag DO_NOT_USE as well. */
  doNotUse: boolean;
}

/**
 * Flag the groups of one integration that lie in a persistence window, in place.
 *
 * A window opens in the first saturated group of a ramp, or in a group above the threshold when none is open, and lasts
 * `window` seconds.
 * @param data - one integration [ngroups][npix], DN
 * @param groupdq - its GROUPDQ, changed in place
 * @param ends - [npix]; end of each pixel's window in seconds since 1970, 0 = none; changed in place
 * @param start - time at the start of the integration, seconds since 1970
 * @param groupTime - seconds
 */
export function flagWindows(
  data: Float32Array,
  groupdq: Uint8Array,
  ends: Float64Array,
  ngroups: number,
  npix: number,
  start: number,
  groupTime: number,
  options: WindowOptions,
): void {
  const threshold = options.threshold === null ? Infinity : Math.fround(options.threshold);
  const flag = options.doNotUse ? PERSISTENCE | DO_NOT_USE : PERSISTENCE;
  const saturated = new Uint16Array(npix);
  let now = start;
  for (let g = 0; g < ngroups; g++) {
    now += groupTime;
    const end = now + options.window;
    const at = g * npix;
    for (let p = 0; p < npix; p++) {
      let until = ends[p];
      if (until < now) until = 0;
      if ((groupdq[at + p] & SATURATED) !== 0) saturated[p]++;
      if (saturated[p] === 1) until = end;
      if (data[at + p] > threshold && !(until > 0)) until = end;
      // A window that opens only after this group belongs to a later exposure: drop it.
      if (until !== 0 && until - end > 0) until = 0;
      ends[p] = until;
      if (until > 0) groupdq[at + p] |= flag;
    }
  }
}
