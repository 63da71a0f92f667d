import { type Corners, intersection, polygonArea } from "@calwebb/sphere";
import { fillPolygon } from "./polygon.js";
import { type Measured, type StatisticOptions, skyStatistic } from "./statistics.js";

/** World coordinates of an exposure, vectorised; pixels count from 0, the sky is in degrees. */
export interface SkyWcs {
  toSky(x: Float64Array, y: Float64Array): readonly Float64Array[];
  toPixel(ra: Float64Array, dec: Float64Array): readonly Float64Array[];
}

/** An exposure whose sky is matched. */
export interface SkyImage {
  readonly name: string;
  /** [ny][nx]; changed when the sky is subtracted. */
  readonly data: Float32Array;
  /** [ny][nx]: 1 for pixels that count. */
  readonly mask: Uint8Array;
  readonly ny: number;
  readonly nx: number;
  readonly wcs: SkyWcs;
  /** Corners on the sky [deg]. */
  readonly outline: Corners;
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

function select(data: Float32Array, mask: Uint8Array, within?: Uint8Array): Float32Array {
  const use = (i: number): boolean => mask[i] === 1 && (within === undefined || within[i] === 1);
  let n = 0;
  for (let i = 0; i < data.length; i++) if (use(i)) n++;
  const out = new Float32Array(n);
  for (let i = 0, k = 0; i < data.length; i++) if (use(i)) out[k++] = data[i];
  return out;
}

/** The sky in all of an exposure. */
export function wholeSky(image: SkyImage, options: StatisticOptions): Measured | undefined {
  return skyStatistic(select(image.data, image.mask), options);
}

/** The sky in the part of an exposure that a group of others covers. */
export function overlapSky(image: SkyImage, others: SkyGroup, options: StatisticOptions): Measured | undefined {
  const parts = others
    .flatMap((other) => intersection(image.outline, other.outline))
    .filter((part) => part.length >= 3 && polygonArea(part) > 0);
  if (parts.length === 0) return undefined;
  const covered = new Uint8Array(image.data.length);
  for (const part of parts) {
    const [x, y] = image.wcs.toPixel(
      Float64Array.from(part, (p) => p[0]),
      Float64Array.from(part, (p) => p[1]),
    );
    fillPolygon(covered, image.ny, image.nx, x, y);
  }
  return skyStatistic(select(image.data, image.mask, covered), options);
}
