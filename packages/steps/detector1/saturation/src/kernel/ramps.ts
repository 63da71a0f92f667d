import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { clearMarks, type Geometry, inspectPlane, type Marks, noMarks, spread, uniteMarks } from "./planes.js";

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

/** Memory used again for every plane. */
interface Scratch {
  /** Pixels that have saturated so far. */
  ever: Marks;
  marked: Marks;
  wide: Uint8Array;
}

/** Flag saturated groups, A/D floor and saturation hidden by averaging in some integrations; see docs.md. */
export function flagIntegrations(piece: SaturationPiece): void {
  const { nx, rows } = piece.geometry;
  const size = nx * rows.length;
  const scratch: Scratch = {
    ever: noMarks(piece.geometry),
    marked: noMarks(piece.geometry),
    wide: new Uint8Array(size),
  };
  const stripes = piece.threshold.length / size;
  for (let i = piece.from; i < piece.to; i++) {
    const t0 = (i % stripes) * size;
    forward(piece, i, t0, scratch);
    if (piece.pattern !== undefined) {
      if (!piece.irs2) backward(piece, i, t0, scratch);
      if (piece.ngroups > 2) secondGroup(piece, i, t0, scratch);
    }
    if (piece.zeroframe !== undefined) zeroFrame(piece, piece.zeroframe, i, t0, scratch);
  }
}

/** Saturated once, saturated ever after; then the neighbours. */
function forward(p: SaturationPiece, integration: number, t0: number, { ever, marked, wide }: Scratch): void {
  clearMarks(ever);
  for (let g = 0; g < p.ngroups; g++) {
    const base = (integration * p.ngroups + g) * p.stride;
    const others = inspectPlane(ever, p.data, base, p.groupdq, base, p.threshold, t0, p.geometry);
    // Flags that were there before spread too.
    const unite = others && !p.irs2 && p.grow > 0;
    if (unite) uniteMarks(marked, ever, p.groupdq, base, p.geometry);
    spread(p.groupdq, base, unite ? marked : ever, SATURATED, p.grow, p.geometry, wide);
  }
}

/**
 * A group before a saturated one may hold frames that saturated without lifting the average over the threshold. It is
 * marked DO_NOT_USE when it lies above the threshold diluted by the averaging.
 */
function backward(p: SaturationPiece, integration: number, t0: number, { marked, wide }: Scratch): void {
  const pattern = p.pattern as ReadPattern;
  for (let g = p.ngroups - 2; g >= 0; g--) {
    const dilution = pattern.mean[g] / pattern.last[g];
    if (dilution === 1) continue;
    const base = (integration * p.ngroups + g) * p.stride;
    if (partial(p, base, t0, dilution, marked)) spread(p.groupdq, base, marked, DO_NOT_USE, p.grow, p.geometry, wide);
  }
}

/** Mark partly saturated pixels of a plane; whether there are any. */
function partial(p: SaturationPiece, base: number, t0: number, dilution: number, marked: Marks): boolean {
  const { nx, rows } = p.geometry;
  let any = 0;
  clearMarks(marked);
  for (let k = 0; k < rows.length; k++) {
    const found = partialRow(p, base + k * nx, t0 + k * nx, dilution, marked.pixel, k * nx, nx);
    marked.row[k] = found;
    any |= found;
  }
  return any !== 0;
}

function partialRow(
  { data, groupdq, threshold, unchecked, stride }: SaturationPiece,
  at: number,
  t: number,
  dilution: number,
  mask: Uint8Array,
  m: number,
  nx: number,
): number {
  let any = 0;
  for (let x = 0; x < nx; x++) {
    if ((groupdq[at + stride + x] & SATURATED) === 0 || (groupdq[at + x] & (SATURATED | DO_NOT_USE)) !== 0) continue;
    if (!(data[at + x] >= threshold[t + x] * (unchecked[t + x] !== 0 ? 1 : dilution))) continue;
    mask[m + x] = 1;
    any = 1;
  }
  return any;
}

/**
 * A jump to saturation in the last frame of the second group: group 3 is saturated although group 1 did not foretell it,
 * and the step from 1 to 2 is large enough for one frame of 2 to have reached the threshold.
 */
function secondGroup(p: SaturationPiece, integration: number, t0: number, { marked, wide }: Scratch): void {
  const { nx, rows } = p.geometry;
  const first = integration * p.ngroups * p.stride;
  let any = 0;
  clearMarks(marked);
  for (let k = 0; k < rows.length; k++) {
    const found = secondRow(p, first + rows[k] * nx, t0 + k * nx, marked.pixel, k * nx);
    marked.row[k] = found;
    any |= found;
  }
  if (any === 0) return;
  if (p.irs2) spread(p.groupdq, first + p.stride, marked, SATURATED, p.grow, p.geometry, wide);
  else spread(p.groupdq, first + p.stride, marked, DO_NOT_USE, 0, p.geometry, wide);
}

function secondRow(p: SaturationPiece, from: number, t: number, mask: Uint8Array, m: number): number {
  const { data, groupdq, threshold, bias, irs2, stride } = p;
  const pattern = p.pattern as ReadPattern;
  const mean = pattern.mean[0];
  const last = pattern.last[2];
  const count = pattern.count[1];
  const f = Math.fround;
  let any = 0;
  for (let x = 0; x < p.geometry.nx; x++) {
    const at = from + x;
    const at3 = at + 2 * stride;
    const limit = threshold[t + x];
    const third = irs2
      ? data[at3] >= limit
      : (groupdq[at3] & SATURATED) !== 0 && (groupdq[at + stride] & SATURATED) === 0;
    if (!third) continue;
    const one = data[at];
    const b = bias === undefined ? 0 : bias[t + x];
    if (!((f(one - b) / mean) * last + b < limit)) continue;
    if (!(f(data[at + stride] - one) > f(f(limit - one) / count))) continue;
    mask[m + x] = 1;
    any = 1;
  }
  return any;
}

/** Saturated pixels of the zero frame, their neighbours and pixels at the A/D floor become 0: no measurement. */
function zeroFrame(
  p: SaturationPiece,
  zero: Float32Array,
  integration: number,
  t0: number,
  { marked, wide }: Scratch,
): void {
  const base = integration * p.stride;
  const flags = new Uint8Array(p.stride);
  clearMarks(marked);
  inspectPlane(marked, zero, base, flags, 0, p.threshold, t0, p.geometry);
  spread(flags, 0, marked, SATURATED, p.grow, p.geometry, wide);
  for (let i = 0; i < p.stride; i++) if (flags[i] !== 0) zero[base + i] = 0;
}

export const flagTask: Task<SaturationPiece, void> = defineTask(import.meta.url, "flagIntegrations", flagIntegrations);
