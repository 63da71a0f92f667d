import { group } from "@calwebb/dqflags";

const IGNORED = 0xff & ~group.PERSISTENCE;

/**
 * Runs of good groups of one ramp. A run may begin with the group of a jump: the charge it collected since is good.
 * Runs of one group count only when there is no longer one, and then only the first.
 * @param dq - group flags; groups base .. base+ngroups-1 are looked at, PERSISTENCE is ignored
 * @param start - receives the first group of each segment, relative to `base`
 * @param end - receives the group after the last of each segment
 * @returns number of segments
 */
export function findSegments(
  dq: Uint8Array,
  base: number,
  ngroups: number,
  start: Int32Array,
  end: Int32Array,
): number {
  let n = 0;
  let open = -1;
  let longest = 0;
  for (let g = 0; g <= ngroups; g++) {
    const flagged = g === ngroups || (dq[base + g] & IGNORED) !== 0;
    if (!flagged) {
      if (open < 0) open = g > 0 && (dq[base + g - 1] & IGNORED) === group.JUMP_DET ? g - 1 : g;
      continue;
    }
    if (open < 0) continue;
    const length = g - open;
    if (length > longest) longest = length;
    start[n] = open;
    end[n++] = g;
    open = -1;
  }
  if (n < 2) return n;
  if (longest === 1) return 1;
  let kept = 0;
  for (let s = 0; s < n; s++) {
    if (end[s] - start[s] === 1) continue;
    start[kept] = start[s];
    end[kept++] = end[s];
  }
  return kept;
}

/**
 * Size of the segment axis that a ramp asks for in the optional results. Ramps of nothing but lone groups count every one
 * of them although only the first is fitted.
 */
export function countSegments(
  dq: Uint8Array,
  base: number,
  ngroups: number,
  start: Int32Array,
  end: Int32Array,
): number {
  const n = findSegments(dq, base, ngroups, start, end);
  if (n !== 1 || end[0] - start[0] > 1) return n;
  let lone = 0;
  for (let g = 0; g < ngroups; g++) if ((dq[base + g] & IGNORED) === 0) lone++;
  return lone;
}
