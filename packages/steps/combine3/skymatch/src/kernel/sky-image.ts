import { type Corners, intersection, polygonArea } from "@calwebb/sphere";
import type { PixelPolygon, SkyPiece } from "./measure.js";
import type { StatisticOptions } from "./statistics.js";

/** World coordinates of an exposure, vectorised; pixels count from 0, the sky is in degrees. */
export interface SkyWcs {
  toSky(x: Float64Array, y: Float64Array): readonly Float64Array[];
  toPixel(ra: Float64Array, dec: Float64Array): readonly Float64Array[];
}

/** Pixels of an exposure. */
export interface SkyPixels {
  /** [ny][nx] */
  readonly data: Float32Array;
  /** [ny][nx]: 1 for pixels that count. */
  readonly mask: Uint8Array;
}

/** An exposure whose sky is matched. */
export interface SkyImage {
  readonly name: string;
  readonly ny: number;
  readonly nx: number;
  readonly wcs: SkyWcs;
  /** Corners on the sky [deg]. */
  readonly outline: Corners;
  /** Read the pixels. */
  pixels(): Promise<SkyPixels>;
  /** Take a value out of the data. */
  subtract(value: number): void;
  /** Sky found so far. */
  sky: number;
  valid: boolean;
}

/** Exposures taken at the same time by different detectors; they have one sky. */
export type SkyGroup = readonly SkyImage[];

const spaced = (n: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => -0.5 + (i * n) / (count - 1));

/** Outline of an image on the sky: corners of its corner pixels, and points between them at most `stepsize` pixels apart. */
function outlineOf(ny: number, nx: number, wcs: SkyWcs, stepsize: number | null): Corners {
  const count = (n: number): number => (stepsize === null ? 2 : Math.max(2, Math.ceil((n + 1) / stepsize)));
  const across = spaced(nx, count(nx));
  const up = spaced(ny, count(ny)).slice(1, -1);
  const points = [
    ...across.map((x) => [x, -0.5]),
    ...up.map((y) => [nx - 0.5, y]),
    ...[...across].reverse().map((x) => [x, ny - 0.5]),
    ...[...up].reverse().map((y) => [-0.5, y]),
  ];
  const [ra, dec] = wcs.toSky(
    Float64Array.from(points, (p) => p[0]),
    Float64Array.from(points, (p) => p[1]),
  );
  return points.map((_, i) => [ra[i], dec[i]]);
}

/** An exposure with its outline. @param stepsize - see the parameter of the step; null: four corners */
export function makeSkyImage(
  image: Omit<SkyImage, "outline" | "valid" | "sky">,
  stepsize: number | null,
  sky: number,
): SkyImage {
  return { ...image, sky, valid: false, outline: outlineOf(image.ny, image.nx, image.wcs, stepsize) };
}

/** The part of an exposure that a group of others covers, as polygons of pixels; undefined without overlap. */
function coveredPart(image: SkyImage, others: SkyGroup): PixelPolygon[] | undefined {
  const parts = others
    .flatMap((other) => intersection(image.outline, other.outline))
    .filter((part) => part.length >= 3 && polygonArea(part) > 0);
  if (parts.length === 0) return undefined;
  return parts.map((part) => {
    const [x, y] = image.wcs.toPixel(
      Float64Array.from(part, (p) => p[0]),
      Float64Array.from(part, (p) => p[1]),
    );
    return { x, y };
  });
}

/** The sky in all of an exposure. */
export async function wholeSky(image: SkyImage, options: StatisticOptions): Promise<SkyPiece> {
  return { ...(await image.pixels()), ny: image.ny, nx: image.nx, within: undefined, options };
}

/** The sky in the part of an exposure that a group of others covers; undefined when they cover nothing. */
export async function overlapSky(
  image: SkyImage,
  others: SkyGroup,
  options: StatisticOptions,
): Promise<SkyPiece | undefined> {
  const within = coveredPart(image, others);
  return within && { ...(await wholeSky(image, options)), within };
}
