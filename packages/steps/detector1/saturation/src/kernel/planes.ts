import { group } from "@calwebb/dqflags";

const { SATURATED } = group;
const FLOOR = group.AD_FLOOR | group.DO_NOT_USE;

/** Hard limit of the 16-bit converter [DN]; thresholds of unchecked pixels are put above it. */
export const CONVERTER_LIMIT = 65535;

/** Where the rows to look at lie in a plane: row k of the geometry is row `rows[k]` of the plane. */
export interface Geometry {
  nx: number;
  rows: Int32Array;
}

/** Marked pixels of a geometry. */
export interface Marks {
  /** One byte per pixel, not 0 where marked. */
  pixel: Uint8Array;
  /** Not 0 for rows with a marked pixel. */
  row: Uint8Array;
}

export function noMarks({ nx, rows }: Geometry): Marks {
  return { pixel: new Uint8Array(nx * rows.length), row: new Uint8Array(rows.length) };
}

export function clearMarks(marks: Marks): void {
  marks.pixel.fill(0);
  marks.row.fill(0);
}

/**
 * Look at one plane: mark pixels at or above their threshold (marks stay from plane to plane) and add AD_FLOOR | DO_NOT_USE to
 * the flags of pixels at or below zero.
 * @param base - first element of the plane in data
 * @param dqBase - first element of the plane in dq
 * @param threshold - thresholds [DN] in the geometry, from element t0
 * @returns whether a pixel that is not marked has the flag SATURATED
 */
export function inspectPlane(
  marks: Marks,
  data: Float32Array,
  base: number,
  dq: Uint8Array,
  dqBase: number,
  threshold: Float32Array,
  t0: number,
  { nx, rows }: Geometry,
): boolean {
  let other = 0;
  for (let k = 0; k < rows.length; k++) {
    const r = rows[k] * nx;
    const found = inspectRow(marks.pixel, k * nx, data, base + r, dq, dqBase + r, threshold, t0 + k * nx, nx);
    if ((found & 1) !== 0) marks.row[k] = 1;
    other |= found;
  }
  return (other & 2) !== 0;
}

/** 1: a pixel is marked; 2: a pixel is flagged but not marked. */
function inspectRow(
  mask: Uint8Array,
  m: number,
  data: Float32Array,
  d: number,
  dq: Uint8Array,
  g: number,
  threshold: Float32Array,
  t: number,
  nx: number,
): number {
  let found = 0;
  for (let x = 0; x < nx; x++) {
    const v = data[d + x];
    if (v >= threshold[t + x]) {
      mask[m + x] = 1;
      found |= 1;
    } else if ((dq[g + x] & SATURATED) !== 0 && mask[m + x] === 0) found |= 2;
    if (v <= 0) dq[g + x] |= FLOOR;
  }
  return found;
}

/** Union of marks and of the SATURATED flags of a plane. */
export function uniteMarks(out: Marks, marks: Marks, dq: Uint8Array, base: number, { nx, rows }: Geometry): void {
  for (let k = 0; k < rows.length; k++) {
    let any = 0;
    const d = base + rows[k] * nx;
    for (let x = 0, m = k * nx; x < nx; x++, m++) any |= out.pixel[m] = marks.pixel[m] | (dq[d + x] & SATURATED);
    out.row[k] = any === 0 ? 0 : 1;
  }
}

/**
 * Add `bit` to the flags of every marked pixel and of its neighbours in a square of `2 * grow + 1` pixels.
 * @param dq - flags of the array that holds the plane, changed in place
 * @param base - first element of the plane
 * @param marks - not changed
 * @param wide - scratch like marks.pixel
 */
export function spread(
  dq: Uint8Array,
  base: number,
  marks: Marks,
  bit: number,
  grow: number,
  { nx, rows }: Geometry,
  wide: Uint8Array,
): void {
  const ny = rows.length;
  const n = Math.max(0, grow);
  const { row } = marks;
  for (let k = 0; k < ny; k++) if (row[k] !== 0) widen(wide, marks.pixel, k * nx, nx, n, bit);
  // Four flags at a time where rows start on a whole word.
  const words = nx % 4 === 0 && (dq.byteOffset + base) % 4 === 0 && wide.byteOffset % 4 === 0;
  const dq32 = words
    ? new Uint32Array(dq.buffer, dq.byteOffset + base, (ny === 0 ? 0 : rows[ny - 1] + 1) * (nx / 4))
    : NONE;
  const wide32 = words ? new Uint32Array(wide.buffer, wide.byteOffset, wide.length / 4) : NONE;
  for (let k = 0; k < ny; k++) {
    const first = Math.max(0, k - n);
    const last = Math.min(ny - 1, k + n);
    for (let j = first; j <= last; j++) {
      if (row[j] === 0) continue;
      if (words) orWords(dq32, (rows[k] * nx) / 4, wide32, (j * nx) / 4, nx / 4);
      else orBytes(dq, base + rows[k] * nx, wide, j * nx, nx);
    }
  }
}

const NONE = new Uint32Array(0);

/** Dilate one row of the mask along x into `wide`, as `bit`. */
function widen(wide: Uint8Array, mask: Uint8Array, at: number, nx: number, grow: number, bit: number): void {
  wide.fill(0, at, at + nx);
  // `end`: up to where this row is already filled.
  let end = 0;
  for (let x = 0; x < nx; x++) {
    if (mask[at + x] === 0) continue;
    const to = Math.min(nx, x + grow + 1);
    for (let i = Math.max(end, x - grow); i < to; i++) wide[at + i] = bit;
    end = to;
  }
}

function orBytes(dq: Uint8Array, to: number, wide: Uint8Array, from: number, nx: number): void {
  for (let x = 0; x < nx; x++) dq[to + x] |= wide[from + x];
}

function orWords(dq: Uint32Array, to: number, wide: Uint32Array, from: number, n: number): void {
  for (let x = 0; x < n; x++) dq[to + x] |= wide[from + x];
}
