import { defineTask, type Task } from "@calwebb/array";
import { type ColumnPlan, columnLevels, columnScratch } from "./columns.js";
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
}

/** Subtract the levels of the reference pixels from planes, in place; see docs.md. */
export function correctPlanes(piece: NearInfraredPiece): void {
  const { data, ny, nx, side, sirs } = piece;
  const scratch = columnScratch(piece.columns);
  const rows = side === undefined ? undefined : new Float64Array(side.rows);
  for (let plane = piece.from; plane < piece.to; plane++) {
    const base = plane * ny * nx;
    const single = plane < piece.singleUntil;
    const columns = columnLevels(data, base, piece.columns, piece.siglimit, single, scratch);
    if (side !== undefined && sirs !== undefined) subtractSirs(piece, base, columns, single);
    else if (side !== undefined && rows !== undefined) {
      sideLevels(rows, data, base, side, side, columns, single);
      subtractLevels(piece, base, columns, rows, single, 0, columns.length);
    } else subtractLevels(piece, base, columns, undefined, single, 0, columns.length);
  }
}

function subtractSirs(piece: NearInfraredPiece, base: number, columns: Float64Array, single: boolean): void {
  const { data, side, sirs } = piece;
  if (side === undefined || sirs === undefined) return;
  const left = allPixels(data, base, side.left, side.leftColumns, columns, single);
  const right = allPixels(data, base, side.right, side.rightColumns, columns, single);
  const templates = sirsTemplates(left, right, sirs, sirs.sigreject, SIDE_WIDTH);
  const n = templates.length;
  for (let amp = 0; amp < n; amp++) {
    const from = Math.floor((amp * columns.length) / n);
    subtractLevels(piece, base, columns, templates[amp], single, from, Math.floor(((amp + 1) * columns.length) / n));
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

/** Subtract the level of its column and of its row from every pixel of some detector columns. */
function subtractLevels(
  { data, ny, nx, fastaxis, slowaxis }: NearInfraredPiece,
  base: number,
  columns: Float64Array,
  rows: Float64Array | undefined,
  single: boolean,
  from: number,
  to: number,
): void {
  const along = Math.abs(fastaxis) === 1;
  const c = fastaxis < 0 ? columns.slice().reverse() : columns;
  const r = rows !== undefined && slowaxis < 0 ? rows.slice().reverse() : rows;
  const start = fastaxis < 0 ? columns.length - to : from;
  const end = fastaxis < 0 ? columns.length - from : to;
  for (let y = along ? 0 : start; y < (along ? ny : end); y++) {
    const at = base + y * nx;
    if (along) {
      if (r === undefined) subtractAcross(data, at, c, start, end);
      else if (single) subtractAcrossThen32(data, at, c, r[y], start, end);
      else subtractAcrossThen(data, at, c, r[y], start, end);
    } else {
      if (r === undefined) subtractOne(data, at, c[y], nx);
      else if (single) subtractOneThen32(data, at, c[y], r, nx);
      else subtractOneThen(data, at, c[y], r, nx);
    }
  }
}

function subtractAcross(data: Float32Array, at: number, c: Float64Array, start: number, end: number): void {
  for (let x = start; x < end; x++) data[at + x] = data[at + x] - c[x];
}

function subtractAcrossThen(
  data: Float32Array,
  at: number,
  c: Float64Array,
  r: number,
  start: number,
  end: number,
): void {
  for (let x = start; x < end; x++) data[at + x] = data[at + x] - c[x] - r;
}

function subtractAcrossThen32(
  data: Float32Array,
  at: number,
  c: Float64Array,
  r: number,
  start: number,
  end: number,
): void {
  for (let x = start; x < end; x++) data[at + x] = Math.fround(data[at + x] - c[x]) - r;
}

function subtractOne(data: Float32Array, at: number, c: number, nx: number): void {
  for (let x = 0; x < nx; x++) data[at + x] = data[at + x] - c;
}

function subtractOneThen(data: Float32Array, at: number, c: number, r: Float64Array, nx: number): void {
  for (let x = 0; x < nx; x++) data[at + x] = data[at + x] - c - r[x];
}

function subtractOneThen32(data: Float32Array, at: number, c: number, r: Float64Array, nx: number): void {
  for (let x = 0; x < nx; x++) data[at + x] = Math.fround(data[at + x] - c) - r[x];
}

export const correctTask: Task<NearInfraredPiece, void> = defineTask(import.meta.url, "correctPlanes", correctPlanes);
