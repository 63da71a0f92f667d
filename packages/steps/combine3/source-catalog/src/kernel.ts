import {
  annulusMask,
  apertureSum,
  apertureValues,
  circleMask,
  convolveSquare,
  daoRoundness,
  daoSharpness,
  type StarKernel,
  starKernel,
} from "@calwebb/photometry";
import { clippedRange } from "@calwebb/scene";

/** An image with its errors, row-major. */
export interface Image {
  data: Float32Array;
  error: Float32Array;
  ny: number;
  nx: number;
}

/** Positions of sources [0-based pixels]. */
export interface Positions {
  x: Float64Array;
  y: Float64Array;
}

/** A quantity and its error per source. */
export interface Measured {
  value: Float64Array;
  error: Float64Array;
}

/** Zero point of AB magnitudes for fluxes in Jy. */
const AB_ZERO = 8.9;

/** AB magnitudes of fluxes [Jy]; NaN for negative fluxes. Oke & Gunn, ApJ 266, 713 (1983). */
export function abMagnitude(flux: Float64Array, error: Float64Array): Measured {
  const value = flux.map((f) => (f < 0 ? Number.NaN : -2.5 * Math.log10(f) + AB_ZERO));
  return { value, error: flux.map((f, i) => (f < 0 ? Number.NaN : 2.5 * Math.log10(1 + error[i] / f))) };
}

/** Clipped median of the pixels in an annulus around each source, and its standard error sqrt(pi / 2n) times their deviation. */
export function annulusBackground(image: Image, at: Positions, inner: number, outer: number): Measured {
  const { data, ny, nx } = image;
  const value = new Float64Array(at.x.length).fill(Number.NaN);
  const error = value.slice();
  for (let i = 0; i < value.length; i++) {
    if (!Number.isFinite(at.x[i]) || !Number.isFinite(at.y[i])) continue;
    const mask = annulusMask(at.x[i], at.y[i], inner, outer, "center");
    const sorted = apertureValues(data, ny, nx, mask).filter(Number.isFinite).sort();
    const [first, end] = clippedRange(sorted, 0, sorted.length, 3);
    const n = end - first;
    if (n === 0) continue;
    const h = first + (n >> 1);
    value[i] = n % 2 === 1 ? sorted[h] : (sorted[h - 1] + sorted[h]) / 2;
    let sum = 0;
    for (let k = first; k < end; k++) sum += sorted[k];
    let squares = 0;
    for (let k = first; k < end; k++) squares += (sorted[k] - sum / n) ** 2;
    error[i] = Math.sqrt(Math.PI / (2 * n)) * Math.sqrt(squares / n);
  }
  return { value, error };
}

/** Sums in circles around sources less a background per pixel. */
export function circleFlux(image: Image, at: Positions, radius: number, background: Float64Array): Measured {
  const value = new Float64Array(at.x.length).fill(Number.NaN);
  const error = value.slice();
  const area = Math.PI * radius ** 2;
  for (let i = 0; i < value.length; i++) {
    if (!Number.isFinite(at.x[i]) || !Number.isFinite(at.y[i])) continue;
    const { data, error: errors, ny, nx } = image;
    const found = apertureSum(data, errors, ny, nx, circleMask(at.x[i], at.y[i], radius), false);
    value[i] = found.sum - background[i] * area;
    error[i] = found.error;
  }
  return { value, error };
}

/** A square of an image; zeros outside. */
function square(data: Float32Array, ny: number, nx: number, x0: number, y0: number, size: number): Float64Array {
  const out = new Float64Array(size * size);
  for (let j = 0; j < size; j++)
    for (let i = 0; i < size; i++) {
      const row = y0 + j;
      const column = x0 + i;
      if (row >= 0 && row < ny && column >= 0 && column < nx) out[j * size + i] = data[row * nx + column];
    }
  return out;
}

/** Sharpness and roundness of sources as DAOFIND defines them. Stetson, PASP 99, 191 (1987). */
export function daoStatistics(
  image: Image,
  at: Positions,
  fwhm: number,
): { sharpness: Float64Array; roundness: Float64Array } {
  const kernel: StarKernel = starKernel(fwhm, 1.5);
  const { data, ny, nx } = image;
  const { size } = kernel;
  const centre = (size * size - 1) / 2;
  const sharpness = new Float64Array(at.x.length).fill(Number.NaN);
  const roundness = sharpness.slice();
  for (let i = 0; i < sharpness.length; i++) {
    if (!Number.isFinite(at.x[i]) || !Number.isFinite(at.y[i])) continue;
    const x0 = Math.ceil(at.x[i] - size / 2);
    const y0 = Math.ceil(at.y[i] - size / 2);
    const cut = square(data, ny, nx, x0, y0, size);
    const cutConvolved = convolveSquare(data, ny, nx, kernel, x0, y0, size);
    sharpness[i] = daoSharpness(cut, kernel.mask, kernel.npixels, centre, cutConvolved[centre]);
    roundness[i] = daoRoundness(cutConvolved, size);
  }
  return { sharpness, roundness };
}

/** Nearest other source and its distance [pixels]; -1 and NaN for a source alone or without a position. */
export function nearest({ x, y }: Positions): { index: Int32Array; distance: Float64Array } {
  const n = x.length;
  const index = new Int32Array(n).fill(-1);
  const distance = new Float64Array(n).fill(Number.NaN);
  // Sources in the order of their rows: only those nearer in y than the best so far need a look.
  const order = Array.from({ length: n }, (_, i) => i)
    .filter((i) => Number.isFinite(x[i]) && Number.isFinite(y[i]))
    .sort((a, b) => y[a] - y[b]);
  for (const [k, i] of order.entries()) {
    let best = Infinity;
    const look = (j: number): boolean => {
      const dy = y[j] - y[i];
      if (dy * dy > best) return false;
      const d2 = (x[j] - x[i]) ** 2 + dy * dy;
      if (d2 < best) {
        best = d2;
        index[i] = j;
      }
      return true;
    };
    for (let m = k + 1; m < order.length && look(order[m]); m++);
    for (let m = k - 1; m >= 0 && look(order[m]); m--);
    if (index[i] >= 0) distance[i] = Math.sqrt(best);
  }
  return { index, distance };
}
