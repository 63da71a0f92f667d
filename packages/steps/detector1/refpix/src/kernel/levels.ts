import { ensureMemory, instantiate } from "@calwebb/array";
import { levelsWasm } from "../generated/levels.wasm.js";

/** What is subtracted from a plane in the science frame. */
export interface PlaneLevels {
  /** Level of each column of the plane. */
  columns: Float64Array;
  /** Level of each row. */
  rows: Float64Array;
  /** Subtract the level of the row before that of the column. */
  rowFirst: boolean;
  /** Round to float32 in between. */
  single: boolean;
}

/** Rows and columns [from, to) of a plane. */
export interface Part {
  rows: readonly [number, number];
  columns: readonly [number, number];
}

/** Takes levels from planes of one size, in place. */
export type LevelSubtraction = (data: Float32Array, base: number, levels: PlaneLevels, part: Part) => void;

/** Most pixels that go through the memory of the compiled kernel together. */
const BLOCK = 1 << 15;

interface Exports {
  readonly memory: WebAssembly.Memory;
  subtract(...args: number[]): void;
}

/**
 * Make the subtraction for planes of `nx` columns.
 * @param simd - use the WASM SIMD kernel where there is one; it gives the same numbers
 */
export function levelSubtraction(nx: number, simd = true): LevelSubtraction {
  return (simd ? compiled(nx) : undefined) ?? ((data, base, levels, part) => plain(data, base, nx, levels, part));
}

function compiled(nx: number): LevelSubtraction | undefined {
  const wasm = instantiate<Exports>(levelsWasm);
  if (wasm === undefined) return undefined;
  const height = Math.max(1, Math.floor(BLOCK / nx));
  const at = { columns: 0, rows: 8 * nx, data: 8 * (nx + height + (height % 2)) };
  ensureMemory(wasm.memory, at.data + 4 * nx * height);
  const { buffer } = wasm.memory;
  const columns = new Float64Array(buffer, at.columns, nx);
  const rows = new Float64Array(buffer, at.rows, height);
  const block = new Float32Array(buffer, at.data, nx * height);
  return (data, base, levels, part) => {
    columns.set(levels.columns);
    const [from, to] = part.columns;
    for (let y = part.rows[0]; y < part.rows[1]; y += height) {
      const n = Math.min(height, part.rows[1] - y);
      const values = data.subarray(base + y * nx, base + (y + n) * nx);
      rows.set(levels.rows.subarray(y, y + n));
      block.set(values);
      wasm.subtract(at.data, nx, n, at.columns, at.rows, from, to, levels.rowFirst ? 1 : 0, levels.single ? 1 : 0);
      values.set(n === height ? block : block.subarray(0, n * nx));
    }
  };
}

function plain(data: Float32Array, base: number, nx: number, levels: PlaneLevels, { rows, columns }: Part): void {
  const [from, to] = columns;
  for (let y = rows[0]; y < rows[1]; y++) {
    const row = data.subarray(base + y * nx, base + (y + 1) * nx);
    const level = levels.rows[y];
    if (levels.rowFirst) rowThenColumn(row, level, levels.columns, levels.single, from, to);
    else columnThenRow(row, level, levels.columns, levels.single, from, to);
  }
}

function rowThenColumn(
  data: Float32Array,
  row: number,
  c: Float64Array,
  single: boolean,
  from: number,
  to: number,
): void {
  for (let x = from; x < to; x++) {
    const v = data[x] - row;
    data[x] = (single ? Math.fround(v) : v) - c[x];
  }
}

function columnThenRow(
  data: Float32Array,
  row: number,
  c: Float64Array,
  single: boolean,
  from: number,
  to: number,
): void {
  for (let x = from; x < to; x++) {
    const v = data[x] - c[x];
    data[x] = (single ? Math.fround(v) : v) - row;
  }
}
