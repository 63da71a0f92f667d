import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { blockOperations, blockShape } from "./block.js";
import type { Geometry } from "./geometry.js";
import { loadThresholds } from "./integration.js";
import type { Thresholds } from "./rows.js";

/** The zero frame of one integration. */
export interface ZeroFramePiece extends Thresholds {
  /** [nints, plane], float32 [DN]; flagged pixels become 0. */
  zeroframe: Float32Array;
  /** Elements of a plane. */
  stride: number;
  geometry: Geometry;
  grow: number;
  integration: number;
  /** Use the WASM SIMD kernel where there is one (default true); it gives the same numbers. */
  simd?: boolean;
}

/** Rows of a block. */
const BLOCK = 32;

/** Saturated pixels of a zero frame, their neighbours and pixels at the A/D floor become 0: no measurement. */
export function clearZeroFrame(piece: ZeroFramePiece): void {
  const { zeroframe, stride: plane, geometry, integration } = piece;
  const { nx, rows } = geometry;
  const grow = Math.max(0, piece.grow);
  const block = blockOperations(blockShape(BLOCK + 2 * grow, nx, 1, grow), piece.simd);
  const { values, flags, ever } = block.arrays;
  const { stride, pad } = block.shape;
  const base = integration * plane;
  const found = new Uint8Array(rows.length * nx);
  for (let start = 0; start < rows.length; start += BLOCK) {
    const end = Math.min(rows.length, start + BLOCK);
    const span = { low: Math.max(0, start - grow), high: Math.min(rows.length, end + grow) };
    const n = span.high - span.low;
    loadThresholds({ piece, block, span, integration });
    for (let k = span.low, at = pad; k < span.high; k++, at += stride)
      values.set(zeroframe.subarray(base + rows[k] * nx, base + (rows[k] + 1) * nx), at);
    flags.fill(0);
    ever.fill(0);
    block.inspect(0, n);
    block.spread(0, "ever", group.SATURATED, grow, n);
    for (let k = start; k < end; k++) {
      const at = (k - span.low) * stride + pad;
      found.set(flags.subarray(at, at + nx), k * nx);
    }
  }
  for (let k = 0; k < rows.length; k++) {
    const to = base + rows[k] * nx;
    for (let x = 0; x < nx; x++) if (found[k * nx + x] !== 0) zeroframe[to + x] = 0;
  }
}

/** {@link clearZeroFrame} for the executor. */
export const zeroFrameTask: Task<ZeroFramePiece, void> = defineTask(import.meta.url, "clearZeroFrame", clearZeroFrame);
