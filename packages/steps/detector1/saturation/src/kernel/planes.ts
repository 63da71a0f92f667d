import { group } from "@calwebb/dqflags";

/** Hard limit of the 16-bit converter [DN]; thresholds of unchecked pixels are put above it. */
export const CONVERTER_LIMIT = 65535;

/** Where the rows to look at lie in a plane: row k of the geometry is row `rows[k]` of the plane. */
export interface Geometry {
  nx: number;
  rows: Int32Array;
}

/**
 * Mark pixels at or above their threshold.
 * @param mask - one byte per pixel of the geometry; set to 1, never cleared
 * @param data - array that holds the plane
 * @param base - its first element
 * @param threshold - thresholds [DN], geometry of the mask, from element `t0`
 */
export function markAbove(
  mask: Uint8Array,
  data: Float32Array,
  base: number,
  threshold: Float32Array,
  t0: number,
  { nx, rows }: Geometry,
): void {
  for (let k = 0; k < rows.length; k++) markRow(mask, data, base + rows[k] * nx, threshold, t0 + k * nx, k * nx, nx);
}

function markRow(
  mask: Uint8Array,
  data: Float32Array,
  d: number,
  threshold: Float32Array,
  t: number,
  m: number,
  nx: number,
): void {
  for (let x = 0; x < nx; x++) if (data[d + x] >= threshold[t + x]) mask[m + x] = 1;
}

/** Add AD_FLOOR | DO_NOT_USE to the flags of pixels at or below zero. */
export function flagFloor(
  dq: Uint8Array,
  data: Float32Array,
  dqBase: number,
  dataBase: number,
  { nx, rows }: Geometry,
): void {
  const bits = group.AD_FLOOR | group.DO_NOT_USE;
  for (let k = 0; k < rows.length; k++) floorRow(dq, data, dqBase + rows[k] * nx, dataBase + rows[k] * nx, nx, bits);
}

function floorRow(dq: Uint8Array, data: Float32Array, g: number, d: number, nx: number, bits: number): void {
  for (let x = 0; x < nx; x++) if (data[d + x] <= 0) dq[g + x] |= bits;
}

/** Scratch of {@link spread}. */
export interface SpreadScratch {
  wide: Uint8Array;
  any: Uint8Array;
}

export function spreadScratch({ nx, rows }: Geometry): SpreadScratch {
  return { wide: new Uint8Array(nx * rows.length), any: new Uint8Array(rows.length) };
}

/**
 * Add `bit` to the flags of every marked pixel and of its neighbours in a square of `2 * grow + 1` pixels.
 * @param dq - flags of the array that holds the plane, changed in place
 * @param base - first element of the plane
 * @param mask - marked pixels (not 0), geometry order; not changed
 */
export function spread(
  dq: Uint8Array,
  base: number,
  mask: Uint8Array,
  bit: number,
  grow: number,
  { nx, rows }: Geometry,
  { wide, any }: SpreadScratch,
): void {
  const ny = rows.length;
  const n = Math.max(0, grow);
  for (let k = 0; k < ny; k++) any[k] = widen(wide, mask, k * nx, nx, n, bit);
  for (let k = 0; k < ny; k++) {
    const first = Math.max(0, k - n);
    const last = Math.min(ny - 1, k + n);
    for (let j = first; j <= last; j++) if (any[j] !== 0) orRow(dq, base + rows[k] * nx, wide, j * nx, nx);
  }
}

/** Dilate one row of the mask along x into `wide` (as `bit`); returns 1 when anything is marked. */
function widen(wide: Uint8Array, mask: Uint8Array, at: number, nx: number, grow: number, bit: number): number {
  let x = 0;
  while (x < nx && mask[at + x] === 0) x++;
  if (x === nx) return 0;
  wide.fill(0, at, at + nx);
  // `end`: up to where this row is already filled.
  let end = 0;
  for (; x < nx; x++) {
    if (mask[at + x] === 0) continue;
    const to = Math.min(nx, x + grow + 1);
    for (let i = Math.max(end, x - grow); i < to; i++) wide[at + i] = bit;
    end = to;
  }
  return 1;
}

function orRow(dq: Uint8Array, to: number, wide: Uint8Array, from: number, nx: number): void {
  for (let x = 0; x < nx; x++) dq[to + x] |= wide[from + x];
}
