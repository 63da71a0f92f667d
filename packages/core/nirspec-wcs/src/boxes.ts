import type { BoundingBox, Transform } from "@calwebb/wcs";
import type { SlitRange } from "./slits.js";

/** [low, high] along x and along y. */
export type Box = readonly [readonly [number, number], readonly [number, number]];

const LAST = 2047;
/** Distance of wavelengths at which the edges of a slit are followed [m]. */
const STEP = 1e-10;

// A NaN gives the limit, as it does in the reference implementation.
const atLeast = (limit: number, v: number): number => (v > limit ? v : limit);
const atMost = (limit: number, v: number): number => (v < limit ? v : limit);

/** Smallest and largest number; NaN if there is one. */
export function extent(...lists: readonly Float64Array[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const list of lists)
    for (const v of list) {
      if (Number.isNaN(v)) return [Number.NaN, Number.NaN];
      if (v < low) low = v;
      if (v > high) high = v;
    }
  return [low, high];
}

/** Ranges with a margin of 10 pixels along the spectrum and 2 across; coordinates of the edges count from 1. */
function padded(x: readonly [number, number], y: readonly [number, number]): Box {
  return [
    [atLeast(0, x[0] - 1 - 10) - 0.5, atMost(LAST, x[1] - 1 + 10) + 0.5],
    [atLeast(0, y[0] - 1 - 2) - 0.5, atMost(LAST, y[1] - 1 + 2) + 0.5],
  ];
}

/** Whole pixels in a box, both ends included. */
export function pixelsOf([[x0, x1], [y0, y1]]: Box): { x0: number; x1: number; y0: number; y1: number } {
  return { x0: Math.floor(x0 + 0.5), x1: Math.ceil(x1 - 0.5), y0: Math.floor(y0 + 0.5), y1: Math.ceil(y1 - 0.5) };
}

/** Coordinates of the pixels of a box, row by row. */
export function pixelGrid(box: Box): { x: Float64Array; y: Float64Array } {
  const { x0, x1, y0, y1 } = pixelsOf(box);
  const [nx, ny] = [Math.max(0, x1 - x0 + 1), Math.max(0, y1 - y0 + 1)];
  const x = new Float64Array(nx * ny);
  const y = new Float64Array(nx * ny);
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      x[j * nx + i] = x0 + i;
      y[j * nx + i] = y0 + j;
    }
  return { x, y };
}

/** The same as {@link Box} from the box of a transform. */
export function asBox(box: BoundingBox): Box {
  return [box.at(0), box.at(1)];
}

/**
 * Where a slit lies on the detector: its two ends are followed through all wavelengths.
 * @param toDetector - position in the slit and wavelength [m] to pixels
 * @param wavelengths - shortest and longest [m]
 * @param fromDetector - the way back; the rows are then cut to those with a wavelength
 */
export function slitBox(
  toDetector: Transform,
  wavelengths: readonly [number, number],
  [low, high]: SlitRange,
  fromDetector?: Transform,
): Box {
  const [first, last] = wavelengths;
  const n = Math.trunc((last - first) / STEP);
  const step = (last - first) / (n - 1);
  const lam = Float64Array.from({ length: n }, (_, i) => (i === n - 1 ? last : first + i * step));
  const middle = new Float64Array(n);
  const edges = [low, high].map((edge) => toDetector.evaluate([middle, new Float64Array(n).fill(edge), lam]));
  const x = extent(edges[0][0], edges[1][0]);
  const box = padded(x, extent(edges[0][1], edges[1][1]));
  if (!fromDetector || !(box[0][0] <= box[0][1] && box[1][0] <= box[1][1])) return box;
  const pixels = pixelGrid(box);
  const found = fromDetector.evaluate([pixels.x, pixels.y])[2];
  let rows: [number, number] | undefined;
  // Rows rise along the list.
  for (let i = 0; i < found.length; i++) if (Number.isFinite(found[i])) rows = [rows?.[0] ?? pixels.y[i], pixels.y[i]];
  return rows ? padded(x, rows) : box;
}

/** Whether a slit falls on the detector. */
export function onDetector([[x0, x1], [y0, y1]]: Box): boolean {
  return !(x0 >= LAST + 1 || y0 >= LAST + 1 || x1 <= 0 || y1 <= 0 || x1 - x0 < 2 || y1 - y0 < 1);
}
