import { allocate } from "@calwebb/array";
import { group, pixel } from "@calwebb/dqflags";
import { CONVERTER_LIMIT } from "./planes.js";

/** Thresholds ready for use. */
export interface Thresholds {
  /** [DN]; above the converter's limit where no check is made. */
  threshold: Float32Array;
  /** 1 where no check is made. */
  unchecked: Uint8Array;
  /** Flags for PIXELDQ. */
  flags: Uint32Array;
}

/**
 * Thresholds and flags of a reference: pixels with an unknown threshold (NaN) are flagged NO_SAT_CHECK; they, and those
 * that the reference flags so, never saturate. The inputs are not changed.
 */
export function prepareThresholds(data: Float32Array, dq: Uint32Array): Thresholds {
  // In shared memory: workers get them without a copy.
  const threshold = allocate("float32", data.length);
  threshold.set(data);
  const flags = Uint32Array.from(dq);
  const unchecked = allocate("uint8", data.length);
  for (let i = 0; i < data.length; i++) {
    if (Number.isNaN(threshold[i])) flags[i] |= pixel.NO_SAT_CHECK;
    if ((flags[i] & pixel.NO_SAT_CHECK) === 0) continue;
    unchecked[i] = 1;
    threshold[i] = CONVERTER_LIMIT + 1;
  }
  return { threshold, unchecked, flags };
}

/** Pixels with a saturated group, and with a group at the A/D floor, of [planes, size] group flags. */
export function countFlagged(groupdq: Uint8Array, size: number): { saturated: number; floor: number } {
  const any = new Uint8Array(size);
  // Four flags at a time where planes start on a whole word.
  const words = size % 4 === 0 && groupdq.byteOffset % 4 === 0;
  if (words) {
    const all = new Uint32Array(groupdq.buffer, groupdq.byteOffset, groupdq.length / 4);
    const union = new Uint32Array(any.buffer);
    for (let base = 0; base < all.length; base += union.length) uniteWords(union, all, base);
  } else for (let base = 0; base < groupdq.length; base += size) uniteBytes(any, groupdq, base);
  let saturated = 0;
  let floor = 0;
  for (let i = 0; i < size; i++) {
    if ((any[i] & group.SATURATED) !== 0) saturated++;
    if ((any[i] & group.AD_FLOOR) !== 0) floor++;
  }
  return { saturated, floor };
}

function uniteBytes(any: Uint8Array, dq: Uint8Array, base: number): void {
  for (let i = 0; i < any.length; i++) any[i] |= dq[base + i];
}

function uniteWords(any: Uint32Array, dq: Uint32Array, base: number): void {
  for (let i = 0; i < any.length; i++) any[i] |= dq[base + i];
}
