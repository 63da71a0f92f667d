import { annulusMask, apertureSum, circleMask } from "./aperture.js";
import { boxAround, centreOfMass } from "./centroid.js";
import { fitGaussianPrf } from "./gaussian-prf.js";

/** Images of a time series, row-major. */
export interface Series {
  /** [nints][ny][nx] */
  data: Float32Array;
  error: Float32Array;
  /** 1 for pixels that may not be used. */
  bad: Uint8Array;
  nints: number;
  ny: number;
  nx: number;
}

/** Centroids and widths per integration [pixel]; NaN where they failed. */
export interface Source {
  x: Float64Array;
  y: Float64Array;
  widthX: Float64Array;
  widthY: Float64Array;
  flux: Float64Array;
}

/** Median of the values that are not NaN; NaN without any. */
export function nanMedian(values: ArrayLike<number>): number {
  const sorted = Float64Array.from(values)
    .filter((v) => !Number.isNaN(v))
    .sort();
  const n = sorted.length;
  if (n === 0) return Number.NaN;
  return n % 2 === 1 ? sorted[n >> 1] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
}

/** Median of an image farther than `radius` from a position. */
function level(image: Float32Array, nx: number, x: number, y: number, radius: number): number {
  const values: number[] = [];
  for (let p = 0; p < image.length; p++) {
    const dx = (p % nx) - x;
    const dy = Math.floor(p / nx) - y;
    if (!(dx * dx + dy * dy < radius * radius)) values.push(image[p]);
  }
  return nanMedian(values);
}

function locate(series: Series, x: number, y: number, size: number, radius: number, fit: boolean): Source {
  const { nints, ny, nx } = series;
  const none = (): Float64Array => new Float64Array(nints).fill(Number.NaN);
  const out: Source = { x: none(), y: none(), widthX: none(), widthY: none(), flux: none() };
  if (!(x >= 0 && y >= 0 && x <= nx - 1 && y <= ny - 1)) return out;
  for (let i = 0; i < nints; i++) {
    const image = series.data.subarray(i * ny * nx, (i + 1) * ny * nx);
    const bad = series.bad.subarray(i * ny * nx, (i + 1) * ny * nx);
    const background = level(image, nx, x, y, radius);
    const found = centreOfMass(image, bad, nx, boxAround(x, y, size, ny, nx), background);
    if (!found || !(found.x >= 0 && found.x < nx && found.y >= 0 && found.y < ny)) continue;
    out.x[i] = found.x;
    out.y[i] = found.y;
    if (!fit) continue;
    const box = boxAround(found.x, found.y, size, ny, nx);
    const gaussian = fitGaussianPrf(image, bad, nx, box, background, found.x, found.y, size);
    if (!gaussian) continue;
    out.widthX[i] = gaussian.sigmaX;
    out.widthY[i] = gaussian.sigmaY;
    out.flux[i] = gaussian.flux;
  }
  return out;
}

/**
 * Centroids of a source in every integration: centres of mass in a wide box around the planned position, then in a small box around
 * the median of those; there a Gaussian is fitted.
 * @param radius - pixels nearer than this are left out of the background [pixel]
 * @returns `fitted` false when no integration had a centroid in the first round; then there are no widths
 */
export function findSource(
  series: Series,
  x: number,
  y: number,
  searchBox: number,
  fitBox: number,
  radius: number,
): { source: Source; fitted: boolean } {
  const first = locate(series, x, y, searchBox, radius, false);
  if (!first.x.some(Number.isFinite)) return { source: first, fitted: false };
  return { source: locate(series, nanMedian(first.x), nanMedian(first.y), fitBox, radius, true), fitted: true };
}

/** Sums per integration, in the unit of the data. */
export interface Photometry {
  apertureSum: Float64Array;
  apertureError: Float64Array;
  apertureArea: Float64Array;
  annulusSum: Float64Array;
  annulusError: Float64Array;
  annulusArea: Float64Array;
}

/** Sums in a circle and an annulus around a position per integration. */
export function measure(
  series: Series,
  x: Float64Array,
  y: Float64Array,
  radius: number,
  inner: number,
  outer: number,
): Photometry {
  const { nints, ny, nx } = series;
  const plane = (): Float64Array => new Float64Array(nints);
  const out: Photometry = {
    apertureSum: plane(),
    apertureError: plane(),
    apertureArea: plane(),
    annulusSum: plane(),
    annulusError: plane(),
    annulusArea: plane(),
  };
  for (let i = 0; i < nints; i++) {
    const data = series.data.subarray(i * ny * nx, (i + 1) * ny * nx);
    const error = series.error.subarray(i * ny * nx, (i + 1) * ny * nx);
    const known = Number.isFinite(x[i]) && Number.isFinite(y[i]);
    const none = { sum: Number.NaN, error: Number.NaN, area: Number.NaN };
    const circle = known ? apertureSum(data, error, ny, nx, circleMask(x[i], y[i], radius), true) : none;
    const annulus = known ? apertureSum(data, error, ny, nx, annulusMask(x[i], y[i], inner, outer), true) : none;
    out.apertureSum[i] = circle.sum;
    out.apertureError[i] = circle.error;
    out.apertureArea[i] = circle.area;
    out.annulusSum[i] = annulus.sum;
    out.annulusError[i] = annulus.error;
    out.annulusArea[i] = annulus.area;
  }
  return out;
}

/** Sums of whole images and their errors, leaving out NaN; rounded to float32, the precision of the data. */
export function total(series: Series): { sum: Float64Array; error: Float64Array } {
  const { nints, ny, nx } = series;
  const sum = new Float64Array(nints);
  const error = new Float64Array(nints);
  for (let i = 0; i < nints; i++) {
    let variance = 0;
    for (let p = i * ny * nx; p < (i + 1) * ny * nx; p++) {
      if (!Number.isNaN(series.data[p])) sum[i] += series.data[p];
      if (!Number.isNaN(series.error[p])) variance += series.error[p] * series.error[p];
    }
    sum[i] = Math.fround(sum[i]);
    error[i] = Math.fround(Math.sqrt(variance));
  }
  return { sum, error };
}

/**
 * Count rates as electrons per integration, in place and in float32.
 * @param values - [DN/s], planes of the size of `gain`
 * @param gain - [e/DN]
 * @param time - length of an integration [s]
 */
export function toElectrons(values: Float32Array, gain: Float32Array, time: number): void {
  const npix = gain.length;
  const seconds = Math.fround(time);
  for (let p = 0; p < values.length; p++) values[p] *= Math.fround(seconds * gain[p % npix]);
}
