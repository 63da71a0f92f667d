import { group } from "@calwebb/dqflags";
import type { BlockOperations } from "./block.js";
import { hiddenInGroups, hiddenInSecond } from "./hidden.js";
import type { SaturationPiece, Span } from "./rows.js";

const { SATURATED } = group;

/** The rows of a block in one integration, and the memory that they are worked on in. */
export interface BlockWork {
  piece: SaturationPiece;
  block: BlockOperations;
  span: Span;
  integration: number;
  /** Flags as they were of the rows [low, start), plane after plane. */
  before: Uint8Array;
  /** Receives the same of as many of the last rows before `end` as the next block wants. */
  last: Uint8Array;
}

/** Flag the rows of a block in one integration. */
export function flagIntegration(work: BlockWork): void {
  const { piece } = work;
  loadThresholds(work);
  loadFlags(work);
  forward(work);
  if (piece.pattern !== undefined) {
    if (!piece.irs2) hiddenInGroups(work, piece.pattern);
    if (piece.ngroups > 2) hiddenInSecond(work, piece.pattern);
  }
  storeFlags(work);
}

/** First element of the plane of thresholds of an integration. */
export function thresholdPlane(
  { threshold, geometry }: Pick<SaturationPiece, "threshold" | "geometry">,
  i: number,
): number {
  const size = geometry.nx * geometry.rows.length;
  return (i % (threshold.length / size)) * size;
}

/** Bring in the thresholds of rows [low, high) of the geometry for integration i. */
export function loadThresholds({
  piece,
  block,
  span,
  integration,
}: {
  piece: Pick<SaturationPiece, "threshold" | "refdq" | "geometry">;
  block: BlockOperations;
  span: Pick<Span, "low" | "high">;
  integration: number;
}): void {
  const { threshold, refdq, geometry } = piece;
  const { nx } = geometry;
  const t0 = thresholdPlane(piece, integration);
  const { stride, pad } = block.shape;
  for (let k = span.low, at = pad; k < span.high; k++, at += stride) {
    const t = t0 + k * nx;
    block.arrays.threshold.set(threshold.subarray(t, t + nx), at);
    block.arrays.words.set(refdq.subarray(t, t + nx), at);
  }
  block.prepare(span.high - span.low);
}

function loadFlags({ piece, block, span, integration, before, last }: BlockWork): void {
  const { groupdq, ngroups, nints, stride: plane, geometry, to, after } = piece;
  const { nx, rows } = geometry;
  const { flags } = block.arrays;
  const { stride, pad, rows: most } = block.shape;
  const early = span.start - span.low;
  const late = after.length / (nints * ngroups * nx);
  const kept = last.length / (nints * ngroups * nx);
  // Nothing between the rows.
  flags.fill(0);
  for (let g = 0; g < ngroups; g++) {
    const p = integration * ngroups + g;
    for (let k = span.low; k < span.high; k++) {
      const at = (g * most + k - span.low) * stride + pad;
      if (k < span.start) flags.set(rowOf(before, p * early + k - span.low, nx), at);
      else if (k < to) flags.set(groupdq.subarray(p * plane + rows[k] * nx, p * plane + (rows[k] + 1) * nx), at);
      else flags.set(rowOf(after, p * late + k - to, nx), at);
      if (k >= span.end - kept && k < span.end)
        last.set(flags.subarray(at, at + nx), (p * kept + k - span.end + kept) * nx);
    }
  }
}

const rowOf = (rows: Uint8Array, r: number, nx: number): Uint8Array => rows.subarray(r * nx, (r + 1) * nx);

/** Saturated once, saturated ever after; then the neighbours. */
function forward({ piece, block, span, integration }: BlockWork): void {
  const { data, ngroups, stride: plane, geometry, irs2 } = piece;
  const { nx, rows } = geometry;
  const { stride, pad } = block.shape;
  const grow = Math.max(0, piece.grow);
  const n = span.high - span.low;
  block.arrays.ever.fill(0);
  for (let g = 0; g < ngroups; g++) {
    const base = (integration * ngroups + g) * plane;
    for (let k = span.low, at = pad; k < span.high; k++, at += stride)
      block.arrays.values.set(data.subarray(base + rows[k] * nx, base + (rows[k] + 1) * nx), at);
    const others = block.inspect(g, n);
    // Flags that were there before spread too.
    const unite = others && !irs2 && grow > 0;
    if (unite) block.unite(g, n);
    block.spread(g, unite ? "marked" : "ever", SATURATED, grow, n);
  }
}

function storeFlags({ piece, block, span, integration }: BlockWork): void {
  const { groupdq, ngroups, stride: plane, geometry } = piece;
  const { nx, rows } = geometry;
  const { stride, pad, rows: most } = block.shape;
  block.gather(span.high - span.low);
  for (let g = 0; g < ngroups; g++) {
    const base = (integration * ngroups + g) * plane;
    for (let k = span.start; k < span.end; k++) {
      const at = (g * most + k - span.low) * stride + pad;
      groupdq.set(block.arrays.flags.subarray(at, at + nx), base + rows[k] * nx);
    }
  }
}
