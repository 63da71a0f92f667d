/** Rows of a raw IRS2 frame in the science frame of NRS1, whose fast direction runs along y. */
export const IRS2_ROWS = 3200;

/** What a raw row that shows no science pixel is. */
export const INTERLEAVED = -1;
export const REFERENCE_OUTPUT = -2;

const SCIENCE_RUN = 16;
const REFERENCE_RUN = 4;
const OUTPUT = 640;

/**
 * Science row (0-2047) of each raw row, or {@link INTERLEAVED}, or {@link REFERENCE_OUTPUT}: first the reference output, then
 * four outputs of 8 science, 4 reference, 31 x (16 science, 4 reference), 8 science pixels.
 */
export function irs2Rows(): Int16Array {
  const rows = new Int16Array(IRS2_ROWS).fill(REFERENCE_OUTPUT);
  let science = 0;
  for (let output = 1; output <= 4; output++) {
    for (let k = 0; k < OUTPUT; k++) {
      const phase = (k + SCIENCE_RUN / 2) % (SCIENCE_RUN + REFERENCE_RUN);
      rows[output * OUTPUT + k] = phase < SCIENCE_RUN ? science++ : INTERLEAVED;
    }
  }
  return rows;
}

/** Rows of a raw-sized map that hold science pixels: [3200, nx] -> [2048, nx]. */
export function scienceRows<T extends Float32Array | Uint32Array>(map: T, nx: number): T {
  const rows = irs2Rows();
  const out = map.slice(0, 2048 * nx) as T;
  for (let y = 0; y < IRS2_ROWS; y++) if (rows[y] >= 0) out.set(map.subarray(y * nx, (y + 1) * nx), rows[y] * nx);
  return out;
}

/** The inverse of {@link scienceRows}; rows without science pixels are 0. */
export function rawRows(map: Float32Array, nx: number): Float32Array {
  const rows = irs2Rows();
  const out = new Float32Array(IRS2_ROWS * nx);
  for (let y = 0; y < IRS2_ROWS; y++) if (rows[y] >= 0) out.set(map.subarray(rows[y] * nx, (rows[y] + 1) * nx), y * nx);
  return out;
}
