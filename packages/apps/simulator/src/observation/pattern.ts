import { pixelToV23 } from "../optics/aperture.js";
import type { Camera } from "../optics/camera.js";
import type { Attitude } from "../optics/pointing.js";

/** A move of the telescope: how far the target moves over the detector [pixel]. */
export interface Offset {
  readonly x: number;
  readonly y: number;
}

/** Four corners of a box and further points between them, in units of the step; parts of a pixel that differ from dither to dither. */
const DITHERS = [
  [-1, -1, 0, 0],
  [1, -1, 0.5, 0.25],
  [1, 1, 0.25, 0.5],
  [-1, 1, 0.75, 0.75],
  [0, 0, 0.33, 0.67],
  [0, -1.4, 0.67, 0.33],
  [1.4, 0, 0.17, 0.83],
  [0, 1.4, 0.83, 0.17],
  [-1.4, 0, 0.4, 0.1],
] as const;

/**
 * Offsets of a dither pattern.
 * @param count - 1 to 9
 * @param step - half the side of the box [pixel]
 */
export const dithers = (count: number, step: number): Offset[] =>
  DITHERS.slice(0, count).map(([x, y, u, v]) => ({ x: Math.round(x * step) + u, y: Math.round(y * step) + v }));

/** Most points of a dither pattern. */
export const MOST_DITHERS: number = DITHERS.length;

/**
 * Offsets of the tiles of a mosaic about its middle.
 * @param overlap - share of a tile that its neighbour covers too
 */
export function tiles({ mode }: Camera, columns: number, rows: number, overlap: number): Offset[] {
  const out: Offset[] = [];
  for (let j = 0; j < rows; j++)
    for (let i = 0; i < columns; i++)
      out.push({
        x: (i - (columns - 1) / 2) * mode.xsize * (1 - overlap),
        y: (j - (rows - 1) / 2) * mode.ysize * (1 - overlap),
      });
  return out;
}

/**
 * The attitude in which the target falls on another pixel than the reference pixel of a camera.
 * @param target - place of the target [deg] and roll of V3 there
 */
export function pointAt(
  camera: Camera,
  target: { ra: number; dec: number; roll: number },
  offset: Offset,
  velocityAberration: number,
): Attitude {
  const { x, y } = camera.reference;
  const [v2, v3] = pixelToV23(camera.aperture, x + offset.x, y + offset.y);
  return { v2, v3, ...target, velocityAberration };
}
