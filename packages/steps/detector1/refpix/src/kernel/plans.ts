import { pixel } from "@calwebb/dqflags";
import type { ColumnPlan, ReferenceSet } from "./columns.js";
import { NO_SET } from "./columns.js";
import { DETECTOR_SIZE, type PlacedFrame, positionOf } from "./frame.js";
import { SIDE_WIDTH, type SidePlan } from "./side.js";

/** Rows of reference pixels at the bottom and at the top (detector frame). */
const EDGE = 4;

/** Columns [from, to) of the full detector read by one amplifier, and which columns count as odd. */
export interface Sector {
  from: number;
  to: number;
}

/** The four amplifiers of a near-infrared detector. */
export const AMPLIFIERS: readonly Sector[] = [0, 1, 2, 3].map((a) => ({ from: 512 * a, to: 512 * (a + 1) }));

const good = (dq: Uint32Array, at: number): boolean => at >= 0 && (dq[at] & pixel.DO_NOT_USE) === 0;

/** Position of the good pixels of some rows, row by row, of the columns that `wanted` picks. */
function collect(
  dq: Uint32Array,
  frame: PlacedFrame,
  rows: readonly [number, number],
  sector: Sector,
  wanted: (column: number) => boolean,
): Int32Array {
  const out: number[] = [];
  for (let r = rows[0]; r < rows[1]; r++)
    for (let c = sector.from; c < sector.to; c++) {
      if (!wanted(c)) continue;
      const at = positionOf(frame, r, c);
      if (good(dq, at)) out.push(at);
    }
  return Int32Array.from(out);
}

/**
 * Levels per amplifier from the top and bottom rows of the detector.
 * @param isOdd - columns counted as odd (the first, third ... of an amplifier), or undefined to take odd and even together
 */
export function edgeRowsPlan(
  dq: Uint32Array,
  frame: PlacedFrame,
  sectors: readonly Sector[],
  isOdd?: (column: number) => boolean,
): ColumnPlan {
  const top = [DETECTOR_SIZE - EDGE, DETECTOR_SIZE] as const;
  const bottom = [0, EDGE] as const;
  const kinds = isOdd === undefined ? [() => true] : [isOdd, (c: number) => !isOdd(c)];
  const sets: ReferenceSet[] = [];
  const setOf = new Uint8Array(frame.columns).fill(NO_SET);
  for (const sector of sectors)
    for (const kind of kinds) {
      for (let c = Math.max(sector.from, frame.firstColumn); c < sector.to; c++)
        if (c - frame.firstColumn < frame.columns && kind(c)) setOf[c - frame.firstColumn] = sets.length;
      sets.push({
        first: collect(dq, frame, top, sector, kind),
        second: collect(dq, frame, bottom, sector, kind),
      });
    }
  return { sets, setOf, paired: isOdd !== undefined };
}

/** Columns of the full detector with an even index: the first, third, ... */
export const odd = (column: number): boolean => column % 2 === 0;

/** Every pixel of a plane in detector order, with its column. */
function* pixels(frame: PlacedFrame): Generator<[number, number]> {
  for (let r = 0; r < frame.rows; r++)
    for (let c = 0; c < frame.columns; c++) yield [frame.offset + r * frame.rowStride + c * frame.columnStride, c];
}

const isReference = (dq: Uint32Array, at: number): boolean =>
  (dq[at] & pixel.REFERENCE_PIXEL) !== 0 && (dq[at] & pixel.DO_NOT_USE) === 0;

/**
 * Levels from all flagged reference pixels of a subarray read through one amplifier; undefined when there is none.
 */
export function flaggedPixelsPlan(dq: Uint32Array, frame: PlacedFrame, oddEven: boolean): ColumnPlan | undefined {
  const lists: number[][] = oddEven ? [[], []] : [[]];
  const setOf = new Uint8Array(frame.columns);
  if (oddEven) for (let c = 0; c < frame.columns; c++) setOf[c] = (c + frame.firstColumn) % 2;
  for (const [at, c] of pixels(frame)) if (isReference(dq, at)) lists[setOf[c]].push(at);
  if (lists.every((l) => l.length === 0)) return undefined;
  const none = new Int32Array(0);
  return { sets: lists.map((l) => ({ first: Int32Array.from(l), second: none })), setOf, paired: false };
}

/**
 * Levels per amplifier from the flagged reference pixels of a multistripe plane, which may lie anywhere.
 * @param fastStart - detector column of the first column of the plane
 */
export function stripePlan(dq: Uint32Array, frame: PlacedFrame, fastStart: number, oddEven: boolean): ColumnPlan {
  const kinds = oddEven ? 2 : 1;
  const lists: number[][] = Array.from({ length: AMPLIFIERS.length * kinds }, () => []);
  const setOf = new Uint8Array(frame.columns).fill(NO_SET);
  for (let c = 0; c < frame.columns; c++) {
    const amp = AMPLIFIERS.findIndex((a) => c + fastStart >= a.from && c + fastStart < a.to);
    if (amp >= 0) setOf[c] = amp * kinds + (oddEven ? c % 2 : 0);
  }
  for (const [at, c] of pixels(frame)) if (setOf[c] !== NO_SET && isReference(dq, at)) lists[setOf[c]].push(at);
  const none = new Int32Array(0);
  return { sets: lists.map((l) => ({ first: Int32Array.from(l), second: none })), setOf, paired: oddEven };
}

/** The four left and right columns of the detector. */
export function sidePlan(dq: Uint32Array, frame: PlacedFrame): SidePlan {
  const side = (column: number): [Int32Array, Int32Array] => {
    const at = new Int32Array(DETECTOR_SIZE * SIDE_WIDTH);
    for (let r = 0; r < DETECTOR_SIZE; r++)
      for (let i = 0; i < SIDE_WIDTH; i++) {
        const p = positionOf(frame, r, column + i);
        at[r * SIDE_WIDTH + i] = good(dq, p) ? p : -1;
      }
    const columns = Int32Array.from({ length: SIDE_WIDTH }, (_, i) => Math.max(0, column + i - frame.firstColumn));
    return [at, columns];
  };
  const [left, leftColumns] = side(0);
  const [right, rightColumns] = side(DETECTOR_SIZE - SIDE_WIDTH);
  return { left, right, leftColumns, rightColumns, firstRow: frame.firstRow, rows: frame.rows };
}

/**
 * Flags of a NIRSpec subarray that does not reach the edge of the detector: its first and last four columns (science frame)
 * serve as reference pixels. A copy.
 */
export function edgelessFlags(dq: Uint32Array, ny: number, nx: number): Uint32Array {
  const out = Uint32Array.from(dq);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) if (x < EDGE || x >= nx - EDGE) out[y * nx + x] |= pixel.REFERENCE_PIXEL;
  return out;
}
