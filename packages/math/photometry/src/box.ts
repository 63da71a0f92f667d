import { ensureMemory, instantiate } from "@calwebb/array";
import { clippedRange } from "@calwebb/scene";
import { sortFloat32 } from "@calwebb/stats";
import { boxWasm } from "./generated/box.wasm.js";

/** Clipping of the pixels of a box. */
const CLIP = 3;

/** A rectangle of pixels, ends not included. */
export interface Rectangle {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** What clipping keeps of the usable pixels of a box: how many, their median and standard deviation. */
export interface BoxStatistics {
  kept: number;
  level: number;
  rms: number;
}

/** Measures a box of an image of `nx` columns; pixels that are masked or not finite are left out. */
export type BoxMeter = (data: Float32Array, mask: Uint8Array, nx: number, box: Rectangle) => BoxStatistics;

/** Median of a range of sorted values, rounded to float32. */
export function middle(sorted: Float64Array, first: number, end: number): number {
  const h = first + ((end - first) >> 1);
  if ((end - first) % 2 === 1) return sorted[h];
  return Math.fround((sorted[h - 1] + sorted[h]) / 2);
}

function deviation(sorted: Float64Array, first: number, end: number): number {
  let sum = 0;
  for (let i = first; i < end; i++) sum += sorted[i];
  const mean = sum / (end - first);
  let squares = 0;
  for (let i = first; i < end; i++) squares += (sorted[i] - mean) * (sorted[i] - mean);
  return Math.sqrt(squares / (end - first));
}

/** Measures boxes of at most `room` pixels without WASM. */
export function plainBoxMeter(room: number): BoxMeter {
  const values = new Float32Array(room);
  const sorted = new Float64Array(room);
  return (data, mask, nx, { x0, x1, y0, y1 }) => {
    let n = 0;
    for (let y = y0; y < y1; y++)
      for (let p = y * nx + x0; p < y * nx + x1; p++) {
        const v = data[p];
        if (mask[p] === 0 && v - v === 0) values[n++] = v;
      }
    sorted.set(sortFloat32(values.subarray(0, n)));
    const [first, end] = clippedRange(sorted, 0, n, CLIP);
    if (end <= first) return { kept: 0, level: Number.NaN, rms: Number.NaN };
    return { kept: end - first, level: middle(sorted, first, end), rms: deviation(sorted, first, end) };
  };
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  gather(data: number, mask: number, n: number, out: number): number;
  clip(values: number, other: number, counts: number, n: number, sigma: number): number;
  foundLevel(): number;
  foundNoise(): number;
}

/** Larger boxes are measured without WASM, whose memory would stay. */
const LARGEST = 1 << 20;
/** Where the counts lie [byte]; the bottom is left to the compiler's own. */
const COUNTS_AT = 1024;
const ROW_AT = COUNTS_AT + 24576;

/** One instance for all boxes of a thread; null where the platform has no WASM SIMD. */
let instance: Exports | null | undefined;

/** Measures boxes of at most so many rows and columns; the results are those of {@link plainBoxMeter} bit for bit. */
export function boxMeter(rows: number, columns: number): BoxMeter {
  const room = rows * columns;
  if (instance === undefined) instance = instantiate<Exports>(boxWasm) ?? null;
  if (instance === null || room > LARGEST) return plainBoxMeter(room);
  const wasm = instance;
  const upTo16 = (n: number): number => Math.ceil(n / 16) * 16;
  const maskAt = ROW_AT + upTo16(4 * columns);
  // Gathering writes one value beyond the last.
  const at = { values: maskAt + upTo16(columns), other: 0 };
  at.other = at.values + upTo16(4 * room + 4);
  ensureMemory(wasm.memory, at.other + 4 * room);
  const { buffer } = wasm.memory;
  const row = new Float32Array(buffer, ROW_AT, columns);
  const maskRow = new Uint8Array(buffer, maskAt, columns);
  return (data, mask, nx, { x0, x1, y0, y1 }) => {
    let end = at.values;
    for (let y = y0; y < y1; y++) {
      row.set(data.subarray(y * nx + x0, y * nx + x1));
      maskRow.set(mask.subarray(y * nx + x0, y * nx + x1));
      end = wasm.gather(ROW_AT, maskAt, x1 - x0, end);
    }
    const kept = wasm.clip(at.values, at.other, COUNTS_AT, (end - at.values) / 4, CLIP);
    if (kept === 0) return { kept, level: Number.NaN, rms: Number.NaN };
    return { kept, level: Math.fround(wasm.foundLevel()), rms: wasm.foundNoise() };
  };
}
