import { group, pixel } from "@calwebb/dqflags";
import type { BlockOperations } from "./block.js";
import { OUT_OF_REACH } from "./geometry.js";
import { type BlockWork, thresholdPlane } from "./integration.js";
import type { ReadPattern } from "./pattern.js";

const { DO_NOT_USE, SATURATED } = group;
const NO_SAT_CHECK = pixel.NO_SAT_CHECK;

/**
 * A group before a saturated one may hold frames that saturated without lifting the average over the threshold. It is
 * marked DO_NOT_USE when it lies above the threshold diluted by the averaging.
 */
export function hiddenInGroups({ piece, block, span, integration }: BlockWork, pattern: ReadPattern): void {
  const { data, threshold, refdq, ngroups, stride, geometry } = piece;
  const { nx, rows } = geometry;
  const n = span.high - span.low;
  const t0 = thresholdPlane(piece, integration);
  for (let g = ngroups - 2; g >= 0; g--) {
    const dilution = pattern.mean[g] / pattern.last[g];
    if (dilution === 1 || !block.follow(g, SATURATED | DO_NOT_USE, n)) continue;
    const base = (integration * ngroups + g) * stride;
    const any = keepMarks(block, n, (r, x) => {
      const k = span.low + r;
      const t = t0 + k * nx + x;
      const checked = !Number.isNaN(threshold[t]) && (refdq[t] & NO_SAT_CHECK) === 0;
      return data[base + rows[k] * nx + x] >= (checked ? threshold[t] * dilution : OUT_OF_REACH);
    });
    if (any) block.spread(g, "marked", DO_NOT_USE, Math.max(0, piece.grow), n);
  }
}

/**
 * A jump to saturation in the last frame of the second group: group 3 is saturated although group 1 did not foretell it,
 * and the step from 1 to 2 is large enough for one frame of 2 to have reached the threshold.
 */
export function hiddenInSecond({ piece, block, span, integration }: BlockWork, pattern: ReadPattern): void {
  const { data, bias, irs2, ngroups, stride, geometry } = piece;
  const { nx, rows } = geometry;
  const n = span.high - span.low;
  const t0 = thresholdPlane(piece, integration);
  const { threshold } = block.arrays;
  const mean = pattern.mean[0];
  const last = pattern.last[2];
  const count = pattern.count[1];
  const f = Math.fround;
  const first = integration * ngroups * stride;
  if (irs2) markThird(block, n, (r, x) => data[first + 2 * stride + rows[span.low + r] * nx + x]);
  else if (!block.follow(1, SATURATED, n)) return;
  const any = keepMarks(block, n, (r, x) => {
    const k = span.low + r;
    const at = first + rows[k] * nx + x;
    const limit = threshold[r * block.shape.stride + block.shape.pad + x];
    const one = data[at];
    const b = bias === undefined ? 0 : bias[t0 + k * nx + x];
    if (!((f(one - b) / mean) * last + b < limit)) return false;
    return f(data[at + stride] - one) > f(f(limit - one) / count);
  });
  if (!any) return;
  if (irs2) block.spread(1, "marked", SATURATED, Math.max(0, piece.grow), n);
  else block.spread(1, "marked", DO_NOT_USE, 0, n);
}

/** Mark pixels whose value reaches the threshold. */
function markThird({ arrays, shape }: BlockOperations, rows: number, value: (r: number, x: number) => number): void {
  const { marked, markedRow, threshold } = arrays;
  for (let r = 0; r < rows; r++) {
    let any = 0;
    for (let x = 0, p = r * shape.stride + shape.pad; x < shape.nx; x++, p++)
      any |= marked[p] = value(r, x) >= threshold[p] ? 1 : 0;
    markedRow[r] = any;
  }
}

/** Keep the marks that `keep` confirms; few pixels are marked. Whether any is left. */
function keepMarks({ arrays, shape }: BlockOperations, rows: number, keep: (r: number, x: number) => boolean): boolean {
  const { marked, markedRow } = arrays;
  const words = new Uint32Array(marked.buffer, marked.byteOffset, marked.length >> 2);
  let left = false;
  for (let r = 0; r < rows; r++) {
    if (markedRow[r] === 0) continue;
    const from = r * shape.stride + shape.pad;
    let any = 0;
    for (let x = 0; x < shape.nx; x++) {
      // Four pixels at a time where none is marked.
      if ((x & 3) === 0 && words[(from + x) >> 2] === 0) x += 3;
      else if (marked[from + x] !== 0) {
        if (keep(r, x)) any = 1;
        else marked[from + x] = 0;
      }
    }
    markedRow[r] = any;
    if (any !== 0) left = true;
  }
  return left;
}
