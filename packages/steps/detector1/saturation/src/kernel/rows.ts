import { allocate, defineTask, type Task } from "@calwebb/array";
import { group, pixel } from "@calwebb/dqflags";
import { blockOperations, blockShape } from "./block.js";
import type { Geometry } from "./geometry.js";
import { flagIntegration } from "./integration.js";
import type { ReadPattern } from "./pattern.js";

const { SATURATED, AD_FLOOR } = group;
const NO_SAT_CHECK = pixel.NO_SAT_CHECK;

/** Thresholds of saturation. */
export interface Thresholds {
  /** Thresholds [DN] in the geometry, one plane or one per stripe; NaN where unknown. Not modified. */
  threshold: Float32Array;
  /** Flags of the reference, like threshold; NO_SAT_CHECK: no check is made. Not modified. */
  refdq: Uint32Array;
}

/** Rows [from, to) of the geometry of an exposure, all integrations and groups. */
export interface SaturationPiece extends Thresholds {
  /** [nints, ngroups, plane], float32 [DN]. */
  data: Float32Array;
  /** Like data; changed in place. */
  groupdq: Uint8Array;
  /** Flags of pixels: planes of the exposure, one or one per stripe; receives those of the reference and NO_SAT_CHECK. */
  pixeldq: Uint32Array;
  nints: number;
  ngroups: number;
  /** Elements of a plane of data (more than the geometry where interleaved pixels are left out). */
  stride: number;
  geometry: Geometry;
  /** Superbias [DN], like threshold, or nothing for 0. */
  bias?: Float32Array | undefined;
  grow: number;
  pattern?: ReadPattern | undefined;
  /** NIRSpec IRS2: other rules for group 2, and flags that were there before do not spread. */
  irs2: boolean;
  from: number;
  to: number;
  /**
   * GROUPDQ as it was of the rows just before and just after the piece, plane after plane: who works on those may have changed it.
   * Twice `grow` rows each, fewer at the edges; see {@link rowsAround}.
   */
  before: Uint8Array;
  after: Uint8Array;
  /** Use the WASM SIMD kernel where there is one (default true); it gives the same flags. */
  simd?: boolean;
}

/** Pixels that are saturated, or at the floor of the A/D converter, in some group. */
export interface Flagged {
  saturated: number;
  floor: number;
}

/** Bytes of a block, so that it stays in the second cache. */
const BLOCK_BYTES = 3 << 19;

/** Rows that flags of a row depend on, on each side: hidden saturation spreads from where saturation has spread to. */
const reach = (grow: number): number => 2 * Math.max(0, grow);

/** Copies of the flags around rows [from, to) of the geometry, to be taken before any piece is worked on. */
export function rowsAround(
  groupdq: Uint8Array,
  stride: number,
  { nx, rows }: Geometry,
  grow: number,
  from: number,
  to: number,
): { before: Uint8Array; after: Uint8Array } {
  const copy = (first: number, end: number): Uint8Array => {
    const planes = groupdq.length / stride;
    const out = allocate("uint8", planes * (end - first) * nx);
    for (let plane = 0, at = 0; plane < planes; plane++)
      for (let k = first; k < end; k++, at += nx) {
        const row = plane * stride + rows[k] * nx;
        out.set(groupdq.subarray(row, row + nx), at);
      }
    return out;
  };
  const h = reach(grow);
  return { before: copy(Math.max(0, from - h), from), after: copy(to, Math.min(rows.length, to + h)) };
}

/** Rows of a block: those that it flags, [start, end), and those that they depend on, [low, high). */
export interface Span {
  low: number;
  start: number;
  end: number;
  high: number;
}

/** Flag saturated groups, A/D floor and saturation hidden by averaging in some rows; see docs.md. */
export function flagRows(piece: SaturationPiece): Flagged {
  const { geometry, from, to, nints, ngroups } = piece;
  const { nx, rows } = geometry;
  const h = reach(piece.grow);
  const most = Math.floor(BLOCK_BYTES / ((ngroups + 12) * (nx + 32))) - 2 * h;
  const step = Math.min(to - from, Math.max(most, 4 * h, 8));
  const block = blockOperations(blockShape(step + 2 * h, nx, ngroups, piece.grow), piece.simd);
  addReferenceFlags(piece);
  const total: Flagged = { saturated: 0, floor: 0 };
  let { before } = piece;
  for (let start = from; start < to; start += step) {
    const end = Math.min(to, start + step);
    const span: Span = { low: Math.max(0, start - h), start, end, high: Math.min(rows.length, end + h) };
    // The last rows as they are now: those that the next block depends on.
    const last = new Uint8Array(nints * ngroups * Math.min(h, end) * nx);
    block.arrays.all.fill(0);
    for (let i = 0; i < nints; i++) flagIntegration({ piece, block, span, integration: i, before, last });
    before = last;
    total.saturated += block.count(SATURATED, start - span.low, end - span.low);
    total.floor += block.count(AD_FLOOR, start - span.low, end - span.low);
  }
  return total;
}

/** NO_SAT_CHECK and the flags of the reference go to PIXELDQ; planes of stripes follow one another. */
function addReferenceFlags({ pixeldq, threshold, refdq, stride, geometry, from, to }: SaturationPiece): void {
  const { nx, rows } = geometry;
  const size = rows.length * nx;
  const planes = Math.min(threshold.length / size, pixeldq.length / stride);
  for (let plane = 0; plane < planes; plane++)
    for (let k = from; k < to; k++) {
      const t = plane * size + k * nx;
      const p = plane * stride + rows[k] * nx;
      addRow(pixeldq.subarray(p, p + nx), threshold.subarray(t, t + nx), refdq.subarray(t, t + nx));
    }
}

function addRow(dq: Uint32Array, threshold: Float32Array, refdq: Uint32Array): void {
  for (let x = 0; x < dq.length; x++) dq[x] |= refdq[x] | (Number.isNaN(threshold[x]) ? NO_SAT_CHECK : 0);
}

/** {@link flagRows} for the executor. */
export const flagTask: Task<SaturationPiece, Flagged> = defineTask(import.meta.url, "flagRows", flagRows);
