import { defineTask, type Task } from "@calwebb/array";

/** What {@link subtractPlanes} works on: planes [from, to) of a stack of equal planes. */
export interface SubtractPiece {
  /** Stack of planes, row-major, float32, changed in place. */
  data: Float32Array;
  /** One plane, or several that the planes of `data` take in turn. */
  bias: Float32Array;
  /** Pixels of a plane. */
  size: number;
  from: number;
  to: number;
  /** How many consecutive planes share a plane of `bias` (groups of an integration); 1 for a zero frame. */
  repeat: number;
  /** Leave pixels that are exactly 0 (no measurement) as they are. */
  keepZero: boolean;
}

/**
 * Subtract the bias from planes of a ramp, in place, in float32. A NaN bias counts as 0.
 */
export function subtractPlanes({ data, bias, size, from, to, repeat, keepZero }: SubtractPiece): void {
  const planes = bias.length / size;
  for (let plane = from; plane < to; plane++) {
    const b0 = (Math.floor(plane / repeat) % planes) * size;
    const row = data.subarray(plane * size, (plane + 1) * size);
    const level = bias.subarray(b0, b0 + size);
    if (keepZero) subtractKeepingZero(row, level);
    else subtract(row, level);
  }
}

function subtract(data: Float32Array, bias: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const b = bias[i];
    // An unknown bias is not subtracted.
    if (!Number.isNaN(b)) data[i] = data[i] - b;
  }
}

function subtractKeepingZero(data: Float32Array, bias: Float32Array): void {
  for (let i = 0; i < data.length; i++) {
    const b = bias[i];
    if (!Number.isNaN(b) && data[i] !== 0) data[i] = data[i] - b;
  }
}

/** OR the flags of a reference into those of the exposure, in place; both of the same length. */
export function combineFlags(dq: Uint32Array, reference: Uint32Array): void {
  for (let i = 0; i < dq.length; i++) dq[i] |= reference[i];
}

export const subtractTask: Task<SubtractPiece, void> = defineTask(import.meta.url, "subtractPlanes", subtractPlanes);
