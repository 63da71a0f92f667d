import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";

/**
 * OR a mask into the flags of an exposure, in place.
 * @param dq - flags, uint32
 * @param mask - same length
 */
export function combineMask(dq: Uint32Array, mask: Uint32Array): void {
  for (let i = 0; i < dq.length; i++) dq[i] |= mask[i];
}

/** The flags of an exposure and its mask. Both are one plane, or several that the integrations take in turn (stripes). */
export interface MaskArgs {
  /** Flags of the pixels; the mask is ORed into them, in place. */
  dq: Uint32Array;
  /** Same length. */
  mask: Uint32Array;
  /** [nints, ngroups, ny, nx] or null; DO_NOT_USE is carried to every group, in place, so that no ramp is fitted to a bad pixel. */
  groupdq: Uint8Array | null;
  /** Pixels of a plane. */
  size: number;
  /** Groups of an integration. */
  ngroups: number;
  /** Pixels start..end of every plane are processed. */
  start: number;
  end: number;
}

/** OR a mask into the flags of the pixels start..end, and carry what must not be used to their groups, in place. */
export function applyMask({ dq, mask, groupdq, size, ngroups, start, end }: MaskArgs): void {
  const stripes = mask.length / size;
  // Few pixels are bad: they are listed once instead of passing over every group.
  const bad = new Int32Array(end - start);
  for (let s = 0; s < stripes; s++) {
    const n = applyPlane(dq, mask, s * size + start, s * size + end, bad);
    if (groupdq !== null && n > 0) flagGroups(groupdq, bad.subarray(0, n), size, ngroups, s, stripes, start);
  }
}

/** One plane. Gives how many pixels must not be used; `bad` receives where they are, counted from `from`. */
function applyPlane(dq: Uint32Array, mask: Uint32Array, from: number, to: number, bad: Int32Array): number {
  let n = 0;
  for (let i = from; i < to; i++) {
    const flags = mask[i];
    if (flags === 0) continue;
    dq[i] |= flags;
    if ((flags & group.DO_NOT_USE) !== 0) bad[n++] = i - from;
  }
  return n;
}

function flagGroups(
  groupdq: Uint8Array,
  bad: Int32Array,
  size: number,
  ngroups: number,
  stripe: number,
  stripes: number,
  start: number,
): void {
  const nints = groupdq.length / size / ngroups;
  for (let integration = stripe; integration < nints; integration += stripes)
    for (let g = 0; g < ngroups; g++) {
      const base = (integration * ngroups + g) * size + start;
      for (let k = 0; k < bad.length; k++) groupdq[base + bad[k]] |= group.DO_NOT_USE;
    }
}

/** {@link applyMask} as a task. */
export const applyMaskTask: Task<MaskArgs, void> = defineTask(import.meta.url, "applyMask", applyMask);

/** Flags given by a user as any kind of number, as the unsigned 32-bit integers that they stand for. */
export function toFlags(values: ArrayLike<number | bigint>): Uint32Array {
  const out = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    out[i] = typeof v === "bigint" ? Number(BigInt.asUintN(32, v)) : Math.trunc(v);
  }
  return out;
}
