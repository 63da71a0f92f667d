import type { Mode } from "../modes.js";
import { IRS2_ROWS, irs2Rows } from "./irs2.js";

/** Which pixels are reference pixels, and which amplifier reads which pixel. */
export interface Geometry {
  readonly nx: number;
  readonly ny: number;
  /** 1 where the pixel does not see light. */
  readonly reference: Uint8Array;
  /** Amplifier 0-3 of each pixel. */
  readonly amplifier: Uint8Array;
  /** Position of each pixel's row in readout order, 0 = first. */
  readonly line: Uint16Array;
  /** Position along the fast direction, for the parity of columns. */
  readonly column: Uint16Array;
}

/** Side of the full detector in the science frame. */
const fullSize = (mode: Mode): [number, number] => (mode.instrument === "MIRI" ? [1032, 1024] : [2048, 2048]);

/**
 * Geometry of the pixels of a mode. NIR detectors have 4 reference pixels along every edge and four amplifiers of 512 columns
 * side by side; MIRI has 4 reference columns left and right and interleaved amplifiers.
 */
export function geometryOf(mode: Mode): Geometry {
  const nx = mode.xsize;
  const ny = mode.irs2 ? IRS2_ROWS : mode.ysize;
  const [fullX, fullY] = mode.irs2 ? [nx, ny] : fullSize(mode);
  const rows = mode.irs2 ? irs2Rows() : undefined;
  const reference = new Uint8Array(nx * ny);
  const amplifier = new Uint8Array(nx * ny);
  const line = new Uint16Array(nx * ny);
  const column = new Uint16Array(nx * ny);
  const fastIsX = Math.abs(mode.fastaxis) === 1;
  for (let y = 0; y < ny; y++) {
    for (let x = 0; x < nx; x++) {
      const p = y * nx + x;
      const X = x + mode.xstart - 1;
      const Y = y + mode.ystart - 1;
      const edgeX = X < 4 || X >= fullX - 4;
      const row = rows ? rows[y] : Y;
      const edgeY = row < 4 || row >= (rows ? 2048 : fullY) - 4;
      const infrared = mode.instrument !== "MIRI";
      reference[p] = Number(infrared ? (edgeX || edgeY) && !(mode.guider && mode.subarray !== "FULL") : edgeX);
      const fast = fastIsX ? X : Y;
      const slow = fastIsX ? Y : X;
      const along = mode.fastaxis < 0 ? (fastIsX ? fullX : fullY) - 1 - fast : fast;
      amplifier[p] =
        mode.noutputs === 1 ? 0 : mode.irs2 ? Math.max(0, Math.floor(along / 640) - 1) : infrared ? along >> 9 : X & 3;
      line[p] = mode.slowaxis < 0 ? (fastIsX ? fullY : fullX) - 1 - slow : slow;
      column[p] = along;
    }
  }
  return { nx, ny, reference, amplifier, line, column };
}
