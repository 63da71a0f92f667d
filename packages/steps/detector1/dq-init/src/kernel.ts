import { group } from "@calwebb/dqflags";

/**
 * OR a mask into the flags of an exposure, in place.
 * @param dq - flags, uint32
 * @param mask - same length
 */
export function combineMask(dq: Uint32Array, mask: Uint32Array): void {
  for (let i = 0; i < dq.length; i++) dq[i] |= mask[i];
}

/**
 * Carry DO_NOT_USE from a mask to every group, so that no ramp is fitted to a bad pixel; in place.
 * @param groupdq - [nints, ngroups, ny, nx], uint8
 * @param mask - one plane, or several that the integrations take in turn (stripes)
 * @param size - pixels of a plane
 * @param ngroups - groups of an integration
 */
export function flagGroups(groupdq: Uint8Array, mask: Uint32Array, size: number, ngroups: number): void {
  const stripes = mask.length / size;
  // Few pixels are bad: list them once instead of passing over every group.
  const bad = Array.from({ length: stripes }, (_, s) => badPixels(mask, s * size, size));
  const planes = groupdq.length / size;
  for (let plane = 0; plane < planes; plane++) {
    const list = bad[Math.floor(plane / ngroups) % stripes];
    const base = plane * size;
    for (let k = 0; k < list.length; k++) groupdq[base + list[k]] |= group.DO_NOT_USE;
  }
}

function badPixels(mask: Uint32Array, start: number, size: number): Int32Array {
  let n = 0;
  for (let i = start; i < start + size; i++) n += mask[i] & group.DO_NOT_USE;
  const list = new Int32Array(n);
  n = 0;
  for (let i = 0; i < size; i++) if ((mask[start + i] & group.DO_NOT_USE) !== 0) list[n++] = i;
  return list;
}

/** Flags given by a user as any kind of number, as the unsigned 32-bit integers that they stand for. */
export function toFlags(values: ArrayLike<number | bigint>): Uint32Array {
  const out = new Uint32Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    out[i] = typeof v === "bigint" ? Number(BigInt.asUintN(32, v)) : Math.trunc(v);
  }
  return out;
}
