import { defineTask, type Task } from "@calwebb/array";
import { type ColumnPlan, columnLevels, columnScratch } from "./columns.js";
import { type LevelSubtraction, levelSubtraction } from "./levels.js";
import { SIDE_WIDTH, type SideParameters, type SidePlan, sideLevels } from "./side.js";
import { type SirsKernels, sirsTemplates } from "./sirs.js";

/** Planes [from, to) of a near-infrared ramp. */
export interface NearInfraredPiece {
  /** Planes of ny x nx pixels in the science frame, float32 [DN], changed in place. */
  data: Float32Array;
  ny: number;
  nx: number;
  fastaxis: number;
  slowaxis: number;
  columns: ColumnPlan;
  siglimit: number;
  /** Correct each row from the side pixels too. */
  side?: SidePlan & SideParameters;
  /** Take the row signal from these convolution kernels instead of running medians. */
  sirs?: SirsKernels & { sigreject: number };
  from: number;
  to: number;
  /** Planes before this one are computed in float32 throughout, the others keep float64 between the two corrections. */
  singleUntil: number;
  /** Use the WASM SIMD kernel where there is one (default true); it gives the same numbers. */
  simd?: boolean;
}

/** Subtract the levels of the reference pixels from planes, in place; see docs.md. */
export function correctPlanes(piece: NearInfraredPiece): void {
  const { data, ny, nx, side, sirs } = piece;
  const scratch = columnScratch(piece.columns);
  const subtract = levelSubtraction(nx, piece.simd);
  // Without a correction by the sides the level of every row is 0.
  const rows = new Float64Array(Math.abs(piece.fastaxis) === 1 ? ny : nx);
  for (let plane = piece.from; plane < piece.to; plane++) {
    const base = plane * ny * nx;
    const single = plane < piece.singleUntil;
    const columns = columnLevels(data, base, piece.columns, piece.siglimit, single, scratch);
    if (side !== undefined && sirs !== undefined) {
      subtractSirs(piece, base, columns, single, subtract);
      continue;
    }
    if (side !== undefined) sideLevels(rows, data, base, side, side, columns, single);
    subtractLevels(piece, base, columns, rows, single, 0, columns.length, subtract);
  }
}

function subtractSirs(
  piece: NearInfraredPiece,
  base: number,
  columns: Float64Array,
  single: boolean,
  subtract: LevelSubtraction,
): void {
  const { data, side, sirs } = piece;
  if (side === undefined || sirs === undefined) return;
  const left = allPixels(data, base, side.left, side.leftColumns, columns, single);
  const right = allPixels(data, base, side.right, side.rightColumns, columns, single);
  const templates = sirsTemplates(left, right, sirs, sirs.sigreject, SIDE_WIDTH);
  const n = templates.length;
  for (let amp = 0; amp < n; amp++) {
    const from = Math.floor((amp * columns.length) / n);
    const to = Math.floor(((amp + 1) * columns.length) / n);
    subtractLevels(piece, base, columns, templates[amp], single, from, to, subtract);
  }
}

function allPixels(
  data: Float32Array,
  base: number,
  at: Int32Array,
  columnOf: Int32Array,
  columns: Float64Array,
  single: boolean,
): Float64Array {
  const out = new Float64Array(at.length);
  for (let i = 0; i < at.length; i++) {
    const v = data[base + at[i]] - columns[columnOf[i % SIDE_WIDTH]];
    out[i] = single ? Math.fround(v) : v;
  }
  return out;
}

/** Subtract the level of its detector column and of its detector row from every pixel of some detector columns. */
function subtractLevels(
  { data, ny, nx, fastaxis, slowaxis }: NearInfraredPiece,
  base: number,
  columns: Float64Array,
  rows: Float64Array,
  single: boolean,
  from: number,
  to: number,
  subtract: LevelSubtraction,
): void {
  const along = Math.abs(fastaxis) === 1;
  const c = fastaxis < 0 ? columns.slice().reverse() : columns;
  const r = slowaxis < 0 ? rows.slice().reverse() : rows;
  const range = fastaxis < 0 ? ([columns.length - to, columns.length - from] as const) : ([from, to] as const);
  if (along) subtract(data, base, { columns: c, rows: r, rowFirst: false, single }, { rows: [0, ny], columns: range });
  else subtract(data, base, { columns: r, rows: c, rowFirst: true, single }, { rows: range, columns: [0, nx] });
}

export const correctTask: Task<NearInfraredPiece, void> = defineTask(import.meta.url, "correctPlanes", correctPlanes);
