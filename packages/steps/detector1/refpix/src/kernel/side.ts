import { SlidingMedian } from "@calwebb/stats";

/** Reference pixels in a row on one side. */
export const SIDE_WIDTH = 4;

/** The reference columns on both sides of a detector, in the detector frame of the full detector. */
export interface SidePlan {
  /** Position in the plane of the four pixels of each row, -1 where there is none or it is bad. */
  left: Int32Array;
  right: Int32Array;
  /** Column of the plane (detector frame) of each of the four pixels. */
  leftColumns: Int32Array;
  rightColumns: Int32Array;
  /** First row of the plane in the full detector, and rows of the plane. */
  firstRow: number;
  rows: number;
}

/** Level of each row of the plane from the running median of the side reference pixels, times the gain. */
export interface SideParameters {
  /** Rows of the window. */
  length: number;
  gain: number;
}

/**
 * Reference signal of every row: running medians of the left and of the right pixels over a window of rows, mirrored at the
 * ends, and their mean; 0 where neither side has a good pixel.
 * @param columns - level of each column, subtracted from the pixels first
 * @param single - the pixels are float32 after that subtraction
 * @param out - one element per row of the plane
 */
export function sideLevels(
  out: Float64Array,
  data: Float32Array,
  base: number,
  plan: SidePlan,
  { length, gain }: SideParameters,
  columns: Float64Array,
  single: boolean,
): void {
  const left = runningMedian(data, base, plan.left, plan.leftColumns, plan, length, columns, single);
  const right = runningMedian(data, base, plan.right, plan.rightColumns, plan, length, columns, single);
  for (let r = 0; r < plan.rows; r++) {
    const a = left[r];
    const b = right[r];
    const both = Number.isNaN(a) ? (Number.isNaN(b) ? 0 : b) : Number.isNaN(b) ? a : 0.5 * (a + b);
    out[r] = gain * both;
  }
}

function runningMedian(
  data: Float32Array,
  base: number,
  pixels: Int32Array,
  pixelColumns: Int32Array,
  plan: SidePlan,
  length: number,
  columns: Float64Array,
  single: boolean,
): Float64Array {
  const total = pixels.length / SIDE_WIDTH;
  const before = length >> 1;
  const values = sideValues(data, base, pixels, pixelColumns, columns, single);
  const window = new SlidingMedian(SIDE_WIDTH * length);
  const out = new Float64Array(plan.rows);
  const first = plan.firstRow - before;
  for (let k = 0; k < length; k++) enter(window, values, pixels, mirror(first + k, total));
  for (let r = 0; r < plan.rows; r++) {
    if (r > 0) move(window, values, pixels, mirror(first + r - 1, total), mirror(first + r + length - 1, total));
    out[r] = window.median(single);
  }
  return out;
}

/** The pixels less the level of their column. */
function sideValues(
  data: Float32Array,
  base: number,
  pixels: Int32Array,
  pixelColumns: Int32Array,
  columns: Float64Array,
  single: boolean,
): Float64Array {
  const values = new Float64Array(pixels.length);
  for (let i = 0; i < pixels.length; i++) {
    if (pixels[i] < 0) continue;
    const v = data[base + pixels[i]] - columns[pixelColumns[i % SIDE_WIDTH]];
    values[i] = single ? Math.fround(v) : v;
  }
  return values;
}

/** Row -1 is row 1, row -2 is row 2; likewise at the other end. */
function mirror(row: number, total: number): number {
  if (row < 0) return -row;
  return row >= total ? 2 * total - 2 - row : row;
}

/** The pixels of one row leave the window, those of another enter. */
function move(window: SlidingMedian, values: Float64Array, pixels: Int32Array, old: number, row: number): void {
  for (let i = old * SIDE_WIDTH, j = row * SIDE_WIDTH; i < (old + 1) * SIDE_WIDTH; i++, j++) {
    if (pixels[i] >= 0 && pixels[j] >= 0) window.replace(values[i], values[j]);
    else if (pixels[i] >= 0) window.remove(values[i]);
    else if (pixels[j] >= 0) window.add(values[j]);
  }
}

function enter(window: SlidingMedian, values: Float64Array, pixels: Int32Array, row: number): void {
  for (let i = row * SIDE_WIDTH; i < (row + 1) * SIDE_WIDTH; i++) if (pixels[i] >= 0) window.add(values[i]);
}
