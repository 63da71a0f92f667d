import { ensureMemory, instantiate } from "@calwebb/array";
import { zoomWasm } from "./generated/zoom.wasm.js";

/** Puts one row of an enlarged mesh into `out` from element `at` on. @param row - coefficients of the row */
export type RowWriter = (row: Float64Array, out: Float32Array, at: number) => void;

/** Writes rows without WASM; parameters as of {@link rowWriter}. */
export function plainRowWriter(
  nx: number,
  weights: Float64Array,
  columns: Int32Array,
  least: number,
  most: number,
): RowWriter {
  return (row, out, at) => {
    for (let x = 0, t = 0; x < nx; x++, t += 4) {
      const v =
        weights[t] * row[columns[t]] +
        weights[t + 1] * row[columns[t + 1]] +
        weights[t + 2] * row[columns[t + 2]] +
        weights[t + 3] * row[columns[t + 3]];
      out[at + x] = v < least ? least : Math.min(v, most);
    }
  };
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  zoomRow(
    runs: number,
    nruns: number,
    weights: number,
    row: number,
    least: number,
    most: number,
    out: number,
    n: number,
  ): void;
}

/** The bottom of the memory is left to the compiler's own [byte]. */
const BOTTOM = 1024;

/** One instance for all images of a thread; null where the platform has no WASM SIMD. */
let instance: Exports | null | undefined;

/** Runs of pixels between the same coefficients: first pixel, end, and the coefficients. */
function runsOf(nx: number, columns: Int32Array): number[] {
  const out: number[] = [];
  for (let x = 0, from = 0; x < nx; x++) {
    const [p, q] = [4 * x, 4 * (x + 1)];
    if (x + 1 < nx && [0, 1, 2, 3].every((k) => columns[p + k] === columns[q + k])) continue;
    out.push(from, x + 1, columns[p], columns[p + 1], columns[p + 2], columns[p + 3]);
    from = x + 1;
  }
  return out;
}

/**
 * Makes rows of `nx` pixels, each the weighted sum of four coefficients.
 * @param weights - four of each pixel
 * @param columns - the four coefficients of each pixel
 * @param least, most - limits of the result
 */
export function rowWriter(
  nx: number,
  weights: Float64Array,
  columns: Int32Array,
  least: number,
  most: number,
): RowWriter {
  if (instance === undefined) instance = instantiate<Exports>(zoomWasm) ?? null;
  if (instance === null) return plainRowWriter(nx, weights, columns, least, most);
  const wasm = instance;
  const runs = runsOf(nx, columns);
  const mx = columns.reduce((a, b) => Math.max(a, b), 0) + 1;
  const at = { weights: BOTTOM, row: BOTTOM + 32 * nx, out: 0, runs: 0 };
  at.out = at.row + 8 * mx;
  at.runs = at.out + 4 * nx;
  ensureMemory(wasm.memory, at.runs + 4 * runs.length);
  const { buffer } = wasm.memory;
  const planes = new Float64Array(buffer, at.weights, 4 * nx);
  for (let t = 0; t < 4 * nx; t++) planes[(t & 3) * nx + (t >> 2)] = weights[t];
  new Int32Array(buffer, at.runs, runs.length).set(runs);
  const coefficients = new Float64Array(buffer, at.row, mx);
  const line = new Float32Array(buffer, at.out, nx);
  return (row, out, to) => {
    coefficients.set(row.subarray(0, mx));
    wasm.zoomRow(at.runs, runs.length / 6, at.weights, at.row, least, most, at.out, nx);
    out.set(line, to);
  };
}
