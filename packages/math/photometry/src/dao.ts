import { convolve } from "./convolve.js";
import { cutout, findPeaks } from "./peaks.js";
import { type Star, type StarOptions, starsAt } from "./star-finder.js";
import { type StarKernel, starKernel } from "./star-kernel.js";

/** Asymmetry of a square between its quadrants, in units of its size; NaN for an empty one. The centre does not count. */
export function daoRoundness(convolved: Float64Array, size: number): number {
  const c = (size - 1) / 2;
  let difference = 0;
  let total = 0;
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      if (x === c && y === c) continue;
      const v = convolved[y * size + x];
      total += Math.abs(v);
      if (x > c && y <= c) difference -= v;
      else if (x <= c && y < c) difference += v;
      else if (x < c && y >= c) difference -= v;
      else difference += v;
    }
  return (2 * difference) / total;
}

/** Height of the centre above the mean of its neighbours, in units of the height of the fitted Gaussian. */
export function daoSharpness(
  data: Float64Array,
  mask: Uint8Array,
  npixels: number,
  centre: number,
  height: number,
): number {
  let sum = 0;
  // A NaN in a corner counts: the star is not to be trusted.
  for (let p = 0; p < data.length; p++) sum += data[p] * mask[p];
  return (data[centre] - (sum - data[centre]) / (npixels - 1)) / height;
}

/** Sums over the kernel that the fits of all stars share. */
interface MarginalKernel {
  weight: Float64Array;
  sums: Float64Array;
  kernel: number;
  kernel2: number;
  slope: number;
  slope2: number;
  product: number;
  total: number;
}

/** Triangular weights that favour the centre. */
const triangle = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => (size - 1) / 2 - Math.abs(i - (size - 1) / 2) + 1);

function marginalKernel(kernel: StarKernel): MarginalKernel {
  const { size, gaussian } = kernel;
  const c = (size - 1) / 2;
  const weight = triangle(size);
  const sums = new Float64Array(size);
  // The kernel is round: sums along x and along y are the same.
  for (let p = 0; p < gaussian.length; p++) sums[p % size] += gaussian[p] * weight[Math.floor(p / size)];
  const out = { weight, sums, kernel: 0, kernel2: 0, slope: 0, slope2: 0, product: 0, total: 0 };
  for (let i = 0; i < size; i++) {
    const w = weight[i];
    const slope = sums[i] * (c - i);
    out.total += w;
    out.kernel += sums[i] * w;
    out.kernel2 += sums[i] ** 2 * w;
    out.slope += slope * w;
    out.slope2 += slope ** 2 * w;
    out.product += sums[i] * slope * w;
  }
  return out;
}

/** Offset and height of a Gaussian fitted to the sums of a square over one axis; NaN when there is none. */
function marginalFit(
  values: Float64Array,
  m: MarginalKernel,
  size: number,
  sigma: number,
  sign: number,
): [number, number] {
  const c = (size - 1) / 2;
  let data = 0;
  let byKernel = 0;
  let bySlope = 0;
  let byOffset = 0;
  for (let i = 0; i < size; i++) {
    const v = values[i] * m.weight[i];
    data += v;
    byKernel += v * m.sums[i];
    bySlope += v * m.sums[i] * (c - i);
    byOffset += v * sign * (i - c);
  }
  const numerator = byKernel - (data * m.kernel) / m.total;
  const denominator = m.kernel2 - m.kernel ** 2 / m.total;
  if (numerator <= 0 || denominator <= 0) return [Number.NaN, Number.NaN];
  const height = numerator / denominator;
  let offset = (m.product - (bySlope - m.slope * data)) / ((height * m.slope2) / sigma ** 2);
  if (Math.abs(offset) > size / 2) offset = data === 0 ? 0 : byOffset / data;
  if (Math.abs(offset) > size / 2) offset = 0;
  return [offset, height];
}

function measure(
  data: Float32Array,
  convolved: Float32Array,
  ny: number,
  nx: number,
  x0: number,
  y0: number,
  kernel: StarKernel,
  marginal: MarginalKernel,
): (Star & { roundness2: number }) | undefined {
  const { size, sigma } = kernel;
  const c = (size - 1) / 2;
  const square = cutout(data, ny, nx, x0, y0, size);
  const convolvedSquare = cutout(convolved, ny, nx, x0, y0, size);
  const columns = new Float64Array(size);
  const rows = new Float64Array(size);
  let flux = 0;
  for (let p = 0; p < square.length; p++) {
    const x = p % size;
    const y = Math.floor(p / size);
    flux += square[p];
    columns[x] += square[p] * marginal.weight[y];
    rows[y] += square[p] * marginal.weight[x];
  }
  const [dx, hx] = marginalFit(columns, marginal, size, sigma, -1);
  const [dy, hy] = marginalFit(rows, marginal, size, sigma, 1);
  const centre = c * size + c;
  const star = {
    x: x0 + dx,
    y: y0 + dy,
    sharpness: daoSharpness(square, kernel.mask, kernel.npixels, centre, convolvedSquare[centre]),
    roundness: daoRoundness(convolvedSquare, size),
    roundness2: (2 * (hx - hy)) / (hx + hy),
    peak: square[centre],
    flux,
  };
  return Object.values(star).every(Number.isFinite) ? star : undefined;
}

/**
 * Stars as DAOFIND finds them: peaks of the image convolved with a lowered Gaussian, positions from Gaussian fits to the sums along both axes.
 * Stetson, PASP 99, 191 (1987).
 * @param mask - 1 for pixels that are no peaks
 * @param scratch - memory for an image; is overwritten
 */
export function daoStars(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  options: StarOptions,
  scratch: Float32Array = new Float32Array(data.length),
): Star[] {
  const kernel = starKernel(options.fwhm, options.sigmaRadius);
  const marginal = marginalKernel(kernel);
  const convolved = convolve(data, ny, nx, kernel, scratch);
  const threshold = options.threshold * kernel.relativeError;
  const peaks = findPeaks(convolved, mask, ny, nx, threshold, options.separation);
  return starsAt(peaks, (x, y) => measure(data, convolved, ny, nx, x, y, kernel, marginal), options);
}
