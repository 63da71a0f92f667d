import { pixel } from "@calwebb/dqflags";
import { Canvas, type Colour, colourTable, encodeRgbPng, imageLevels, type LevelOptions } from "@calwebb/picture";
import type { Orientation } from "./orientation.js";
import type { Plane } from "./plane.js";
import type { Sources } from "./sources.js";

/** What is drawn over a picture. */
export interface Overlays {
  flags?: Uint32Array;
  orientation?: Orientation;
  sources?: Sources;
}

export interface Drawn {
  png: Uint8Array;
  width: number;
  height: number;
  limits: [number, number];
}

const UNUSABLE: Colour = [230, 40, 40];
const FLAGGED: Colour = [60, 160, 255];
const SOURCE: Colour = [90, 255, 120];
const COMPASS: Colour = [255, 255, 255];
/** Drawn beneath, so that what is drawn shows on bright stars too. */
const SHADOW: Colour = [0, 0, 0];
/** Small images are magnified to about this size. */
const READABLE = 800;

/** Tint pixels by their flags: red where any pixel of a block is DO_NOT_USE, blue for other flags. */
function drawFlags(canvas: Canvas, flags: Uint32Array, plane: Plane, block: number, zoom: number): void {
  for (let y = 0; y < canvas.height; y++)
    for (let x = 0; x < canvas.width; x++) {
      const row = Math.floor((canvas.height - 1 - y) / zoom) * block;
      const column = Math.floor(x / zoom) * block;
      let all = 0;
      for (let dy = 0; dy < block; dy++)
        for (let dx = 0; dx < block; dx++) all |= flags[(row + dy) * plane.width + column + dx];
      if ((all & pixel.DO_NOT_USE) !== 0) canvas.blend(x, y, UNUSABLE, 0.9);
      else if (all !== 0) canvas.blend(x, y, FLAGGED, 0.6);
    }
}

/** Arrows to the north and east in the lower left corner. */
function drawCompass(canvas: Canvas, { north, east }: Orientation): void {
  const size = Math.min(canvas.width, canvas.height);
  const length = Math.max(18, Math.min(60, size / 8));
  const x = 1.6 * length;
  const y = canvas.height - 1.6 * length;
  const arrows = [
    ["N", north],
    ["E", east],
  ] as const;
  for (const [colour, thickness, border] of [
    [SHADOW, 5, 2],
    [COMPASS, 2, 0],
  ] as const)
    for (const [name, [dx, dy]] of arrows) {
      canvas.arrow(x, y, x + length * dx, y - length * dy, colour, thickness);
      canvas.letter(name, x + (length + 12) * dx, y - (length + 12) * dy, colour, 2, border);
    }
}

/** A PNG of a plane with what is to be drawn over it. */
export function drawPlane(plane: Plane, options: LevelOptions, overlays: Overlays): Drawn {
  const levels = imageLevels(plane.data, plane.width, plane.height, options);
  const { block, limits } = levels;
  const zoom = Math.max(1, Math.floor(READABLE / Math.max(levels.width, levels.height)));
  const { flags, orientation, sources } = overlays;
  // Tints show on grey only.
  const canvas = new Canvas(levels, colourTable(flags ? "grey" : "inferno"), zoom);
  if (flags) drawFlags(canvas, flags, plane, block, zoom);
  if (sources)
    for (let i = 0; i < sources.x.length; i++) {
      const x = ((sources.x[i] + 0.5) / block) * zoom;
      const y = canvas.height - ((sources.y[i] + 0.5) / block) * zoom;
      if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
      const radius = Math.max(7, 2 * zoom);
      canvas.circle(x, y, radius, SHADOW, 4);
      canvas.circle(x, y, radius, SOURCE);
    }
  if (orientation) drawCompass(canvas, orientation);
  const { width, height } = canvas;
  return { png: encodeRgbPng(width, height, canvas.rgb), width, height, limits };
}
