import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { flagFloor, type Geometry, markAbove, type SpreadScratch, spread, spreadScratch } from "./planes.js";

const { DO_NOT_USE, SATURATED } = group;

/** Frames averaged into each group, as numbers of reads counted from 1: what the dilution by averaging follows from. */
export interface ReadPattern {
  /** Mean read of each group. */
  mean: Float64Array;
  /** Last read of each group. */
  last: Float64Array;
  /** Reads in each group. */
  count: Float64Array;
}

/** Pattern of `ngroups` groups of `nframes` frames without gaps. */
export function readPattern(ngroups: number, nframes: number): ReadPattern {
  const groups = Array.from({ length: ngroups }, (_, g) => g * nframes);
  return {
    mean: Float64Array.from(groups, (g) => g + (nframes + 1) / 2),
    last: Float64Array.from(groups, (g) => g + nframes),
    count: new Float64Array(ngroups).fill(nframes),
  };
}

/** Integrations [from, to) of an exposure. */
export interface SaturationPiece {
  /** [nints, ngroups, plane], float32 [DN]. */
  data: Float32Array;
  /** Like data; changed in place. */
  groupdq: Uint8Array;
  /** [nints, plane] or nothing; flagged pixels become 0. */
  zeroframe?: Float32Array;
  ngroups: number;
  /** Elements of a plane of data (more than the geometry where interleaved pixels are left out). */
  stride: number;
  geometry: Geometry;
  /** Thresholds [DN] in the geometry, one plane or one per stripe; unchecked pixels above the converter's limit. */
  threshold: Float32Array;
  /** 1 where no check is made, like threshold. */
  unchecked: Uint8Array;
  /** Superbias [DN], like threshold, or nothing for 0. */
  bias?: Float32Array;
  grow: number;
  pattern?: ReadPattern;
  /** NIRSpec IRS2: other rules for group 2, and flags that were there before do not spread. */
  irs2: boolean;
  from: number;
  to: number;
}

/** Flag saturated groups, A/D floor and saturation hidden by averaging in some integrations; see docs.md. */
export function flagIntegrations(piece: SaturationPiece): void {
  const { nx, rows } = piece.geometry;
  const size = nx * rows.length;
  const scratch = spreadScratch(piece.geometry);
  const ever = new Uint8Array(size);
  const marked = new Uint8Array(size);
  const stripes = piece.threshold.length / size;
  for (let i = piece.from; i < piece.to; i++) {
    const t0 = (i % stripes) * size;
    forward(piece, i, t0, ever, marked, scratch);
    if (piece.pattern !== undefined) {
      if (!piece.irs2) backward(piece, i, t0, marked, scratch);
      if (piece.ngroups > 2) secondGroup(piece, i, t0, marked, scratch);
    }
    if (piece.zeroframe !== undefined) zeroFrame(piece, i, t0, marked, scratch);
  }
}

/** Saturated once, saturated ever after; then the neighbours. */
function forward(
  p: SaturationPiece,
  integration: number,
  t0: number,
  ever: Uint8Array,
  marked: Uint8Array,
  scratch: SpreadScratch,
): void {
  ever.fill(0);
  for (let g = 0; g < p.ngroups; g++) {
    const base = (integration * p.ngroups + g) * p.stride;
    markAbove(ever, p.data, base, p.threshold, t0, p.geometry);
    flagFloor(p.groupdq, p.data, base, base, p.geometry);
    let source = ever;
    if (!p.irs2 && p.grow > 0 && existing(marked, ever, p.groupdq, base, p.geometry)) source = marked;
    spread(p.groupdq, base, source, SATURATED, p.grow, p.geometry, scratch);
  }
}

/** Union of the mask and the SATURATED flags that are there; false when the flags add nothing. */
function existing(out: Uint8Array, mask: Uint8Array, dq: Uint8Array, base: number, { nx, rows }: Geometry): boolean {
  let extra = 0;
  for (let k = 0; k < rows.length; k++) extra |= existingRow(out, mask, dq, base + rows[k] * nx, k * nx, nx);
  return extra !== 0;
}

function existingRow(out: Uint8Array, mask: Uint8Array, dq: Uint8Array, d: number, m: number, nx: number): number {
  let extra = 0;
  for (let x = 0; x < nx; x++) {
    const old = dq[d + x] & SATURATED;
    out[m + x] = mask[m + x] | old;
    extra |= old;
  }
  return extra;
}

/**
 * A group before a saturated one may hold frames that saturated without lifting the average over the threshold. It is
 * marked DO_NOT_USE when it lies above the threshold diluted by the averaging.
 */
function backward(
  p: SaturationPiece,
  integration: number,
  t0: number,
  marked: Uint8Array,
  scratch: SpreadScratch,
): void {
  const pattern = p.pattern as ReadPattern;
  for (let g = p.ngroups - 2; g >= 0; g--) {
    const dilution = pattern.mean[g] / pattern.last[g];
    if (dilution === 1) continue;
    const base = (integration * p.ngroups + g) * p.stride;
    if (partial(p, base, t0, dilution, marked))
      spread(p.groupdq, base, marked, DO_NOT_USE, p.grow, p.geometry, scratch);
  }
}

function partial(p: SaturationPiece, base: number, t0: number, dilution: number, marked: Uint8Array): boolean {
  const { nx, rows } = p.geometry;
  const { data, groupdq, threshold, unchecked } = p;
  const size = nx * rows.length;
  let any = false;
  for (let i = 0; i < size; i++) {
    const at = base + i;
    const hit =
      (groupdq[at + p.stride] & SATURATED) !== 0 &&
      (groupdq[at] & (SATURATED | DO_NOT_USE)) === 0 &&
      data[at] >= threshold[t0 + i] * (unchecked[t0 + i] !== 0 ? 1 : dilution);
    marked[i] = hit ? 1 : 0;
    if (hit) any = true;
  }
  return any;
}

/**
 * A jump to saturation in the last frame of the second group: group 3 is saturated although group 1 did not foretell it,
 * and the step from 1 to 2 is large enough for one frame of 2 to have reached the threshold.
 */
function secondGroup(
  p: SaturationPiece,
  integration: number,
  t0: number,
  marked: Uint8Array,
  scratch: SpreadScratch,
): void {
  const pattern = p.pattern as ReadPattern;
  const { nx, rows } = p.geometry;
  const { data, groupdq, threshold, bias } = p;
  const first = integration * p.ngroups * p.stride;
  const mean = pattern.mean[0];
  const last = pattern.last[2];
  const count = pattern.count[1];
  const f = Math.fround;
  let any = false;
  for (let k = 0; k < rows.length; k++) {
    for (let x = 0; x < nx; x++) {
      const m = k * nx + x;
      const at = first + rows[k] * nx + x;
      const limit = threshold[t0 + m];
      const at3 = at + 2 * p.stride;
      marked[m] = 0;
      const third = p.irs2
        ? data[at3] >= limit
        : (groupdq[at3] & SATURATED) !== 0 && (groupdq[at + p.stride] & SATURATED) === 0;
      if (!third) continue;
      const b = bias === undefined ? 0 : bias[t0 + m];
      const one = data[at];
      if (!((f(one - b) / mean) * last + b < limit)) continue;
      if (!(f(data[at + p.stride] - one) > f(f(limit - one) / count))) continue;
      marked[m] = 1;
      any = true;
    }
  }
  if (!any) return;
  if (p.irs2) spread(groupdq, first + p.stride, marked, SATURATED, p.grow, p.geometry, scratch);
  else spread(groupdq, first + p.stride, marked, DO_NOT_USE, 0, p.geometry, scratch);
}

/** Saturated pixels of the zero frame, their neighbours and pixels at the A/D floor become 0: no measurement. */
function zeroFrame(
  p: SaturationPiece,
  integration: number,
  t0: number,
  marked: Uint8Array,
  scratch: SpreadScratch,
): void {
  const zero = p.zeroframe as Float32Array;
  const base = integration * p.stride;
  const flags = new Uint8Array(p.stride);
  marked.fill(0);
  markAbove(marked, zero, base, p.threshold, t0, p.geometry);
  flagFloor(flags, zero, 0, base, p.geometry);
  spread(flags, 0, marked, SATURATED, p.grow, p.geometry, scratch);
  for (let i = 0; i < p.stride; i++) if (flags[i] !== 0) zero[base + i] = 0;
}

export const flagTask: Task<SaturationPiece, void> = defineTask(import.meta.url, "flagIntegrations", flagIntegrations);
