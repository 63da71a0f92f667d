import { defineTask, type Task } from "@calwebb/array";
import { pixel } from "@calwebb/dqflags";
import { clippedMean } from "@calwebb/stats";

/** Columns that the four amplifiers of a MIRI detector read in turn. */
const AMPLIFIERS = 4;
/** First reference column on the right. */
const RIGHT = 1028;

/** Good reference pixels of an amplifier on both sides, and the rows that their level is subtracted from. */
interface MiriSet {
  left: Int32Array;
  right: Int32Array;
  column: number;
  firstRow: number;
  rowStep: number;
}

/** Integrations [from, to) of a MIRI ramp. */
export interface MiriPiece {
  /** [nints, ngroups, ny, nx], float32 [DN], changed in place. */
  data: Float32Array;
  /** PIXELDQ, [ny, nx] */
  dq: Uint32Array;
  ngroups: number;
  ny: number;
  nx: number;
  /** Odd and even rows apart. */
  oddEven: boolean;
  siglimit: number;
  from: number;
  to: number;
}

/**
 * Subtract the levels of the left and right reference pixels of a full MIRI frame, in place. The first group of each
 * integration is taken away before and put back after.
 * @returns false when an amplifier has no good reference pixel on a side; nothing is subtracted then
 */
export function correctMiri(piece: MiriPiece): boolean {
  const { data, ngroups, ny, nx } = piece;
  const size = ny * nx;
  const sets = miriSets(piece);
  const usable = sets.every((s) => s.left.length > 0 && s.right.length > 0);
  const longest = Math.max(1, ...sets.map((s) => Math.max(s.left.length, s.right.length)));
  const scratch = { values: new Float64Array(longest), squares: new Float64Array(longest) };
  for (let i = piece.from; i < piece.to; i++) {
    const first = i * ngroups * size;
    for (let g = 1; g < ngroups; g++) {
      const base = first + g * size;
      subtractPlane(data, base, first, size);
      if (usable)
        for (const set of sets) {
          const mean = (pixels: Int32Array): number => {
            for (let k = 0; k < pixels.length; k++) scratch.values[k] = data[base + pixels[k]];
            return clippedMean(scratch.values, pixels.length, piece.siglimit, piece.siglimit, true, scratch.squares);
          };
          const level = 0.5 * Math.fround(mean(set.left) + mean(set.right));
          subtractLevel(data, base, set, level, ny, nx);
        }
      addPlane(data, base, first, size);
    }
    // What is infinite minus itself is unknown.
    for (let p = first; p < first + size; p++) if (!Number.isFinite(data[p])) data[p] = Number.NaN;
  }
  return usable;
}

function miriSets({ dq, ny, nx, oddEven }: MiriPiece): MiriSet[] {
  const sets: MiriSet[] = [];
  const step = oddEven ? 2 : 1;
  for (let column = 0; column < AMPLIFIERS; column++)
    for (let firstRow = 0; firstRow < step; firstRow++) {
      const side = (c: number): Int32Array => {
        const out: number[] = [];
        for (let y = firstRow; y < ny; y += step) if ((dq[y * nx + c] & pixel.DO_NOT_USE) === 0) out.push(y * nx + c);
        return Int32Array.from(out);
      };
      sets.push({ left: side(column), right: side(RIGHT + column), column, firstRow, rowStep: step });
    }
  return sets;
}

function subtractPlane(data: Float32Array, to: number, from: number, size: number): void {
  for (let i = 0; i < size; i++) data[to + i] = data[to + i] - data[from + i];
}

function addPlane(data: Float32Array, to: number, from: number, size: number): void {
  for (let i = 0; i < size; i++) data[to + i] = data[to + i] + data[from + i];
}

function subtractLevel(data: Float32Array, base: number, set: MiriSet, level: number, ny: number, nx: number): void {
  for (let y = set.firstRow; y < ny; y += set.rowStep) {
    const end = base + (y + 1) * nx;
    for (let p = base + y * nx + set.column; p < end; p += AMPLIFIERS) data[p] = data[p] - level;
  }
}

export const miriTask: Task<MiriPiece, boolean> = defineTask(import.meta.url, "correctMiri", correctMiri);
