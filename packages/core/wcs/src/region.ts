import { ValidationError } from "@calwebb/errors";
import { BoundingBox } from "./transforms/bounding-box.js";
import type { Wcs } from "./wcs.js";

/** Bounding box of an image of a shape (its last two axes are y, x). */
export function boundingBoxFromShape(shape: readonly number[]): [[number, number], [number, number]] {
  const [ny, nx] = shape.slice(-2);
  return [
    [-0.5, nx - 0.5],
    [-0.5, ny - 0.5],
  ];
}

/**
 * The S_REGION text of a list of corners; undefined when a coordinate is not finite.
 * @param footprint - [lon, lat] of each corner [deg]
 */
export function sRegion(footprint: readonly (readonly number[])[]): string | undefined {
  if (footprint.some((c) => !Number.isFinite(c[0]) || !Number.isFinite(c[1]))) return undefined;
  const text = footprint.map((c) => `${c[0].toFixed(9)} ${c[1].toFixed(9)}`).join(" ");
  return `POLYGON ICRS  ${text}`;
}

/**
 * S_REGION of an image.
 * @param options.shape - taken for the bounding box when the WCS has none
 * @param options.center - corners at pixel centres (default false: the outer corners)
 */
export function sRegionOf(wcs: Wcs, options: { shape?: readonly number[]; center?: boolean } = {}): string | undefined {
  const box = wcs.boundingBox ?? (options.shape ? new BoundingBox(boundingBoxFromShape(options.shape)) : undefined);
  if (!box) throw new ValidationError("S_REGION needs a bounding box, or the shape of the image");
  const corners = wcs.footprint({ boundingBox: box, center: options.center ?? false });
  return sRegion(corners.map(([lon, lat]) => [((lon % 360) + 360) % 360, lat]));
}

/**
 * Corners of an S_REGION text; several polygons give all of their corners.
 * @throws {ValidationError} for a text without pairs of numbers
 */
export function parseSRegion(text: string): [number, number][] {
  const numbers = text
    .replace(/[A-Za-z]+(?![\d+-])/g, " ")
    .trim()
    .split(/\s+/)
    .map(Number);
  if (numbers.length < 2 || numbers.length % 2 !== 0 || !numbers.every(Number.isFinite))
    throw new ValidationError(`not an S_REGION polygon: ${text}`, { got: text, wanted: "POLYGON ICRS lon lat ..." });
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i], numbers[2 * i + 1]]);
}
