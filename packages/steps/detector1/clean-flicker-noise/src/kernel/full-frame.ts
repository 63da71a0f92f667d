import { irfft, rfft } from "@calwebb/fft";
import { median32 } from "@calwebb/stats";
import { fromReadout, toReadout } from "./rotate.js";
import { solveComplex } from "./solve.js";

/** Half-power frequency of the low-pass filter [1/pixel] and width of its cosine edge. */
const CUTOFF = 1 / 256;
const EDGE = CUTOFF / 4;
/** Outliers of a line become its median [standard deviations]. */
const REJECT = 3;
/** Widths of the Gaussians for the sample density and for smoothing across lines [pixels]. */
const DENSITY_SIGMA = 32;
const SMOOTH_SIGMA = 1.5;
const SMOOTH_REACH = 16;
/** Lines of reference pixels at both ends. */
const BORDER = 4;

/** Gains of the low-pass filter for the frequencies k / n that it lets through. */
function lowPass(n: number): Float64Array {
  const gains: number[] = [];
  for (let k = 0; k <= n / 2; k++) {
    const f = k / n;
    if (f > CUTOFF + EDGE / 2) break;
    gains.push(f <= CUTOFF - EDGE / 2 ? 1 : (1 + Math.cos((Math.PI * (f - CUTOFF)) / EDGE + Math.PI / 2)) / 2);
  }
  while (gains.length > 0 && !(gains[gains.length - 1] > 0)) gains.pop();
  return Float64Array.from(gains);
}

/** Transform of the Gaussian that measures the sample density, centred one pixel after the origin. */
function densityKernel(nx: number): Float64Array {
  const kernel = new Float64Array(nx);
  const half = Math.floor(nx / 2);
  for (let j = 0; j < nx; j++) {
    const d = ((j + half) % nx) - (half + 1);
    kernel[j] = Math.fround(Math.exp(-(d * d) / DENSITY_SIGMA ** 2 / 2) / DENSITY_SIGMA / Math.sqrt(2 * Math.PI));
  }
  return rfft(kernel);
}

/** Weights of a line: the inverse density of usable pixels, measured in the line before; 0 where the mask is. */
function lineWeights(before: Uint8Array, mask: Uint8Array, kernel: Float64Array, nx: number): Float64Array {
  const spectrum = rfft(before);
  for (let k = 0; k < spectrum.length; k += 2) {
    const r = spectrum[k] * kernel[k] - spectrum[k + 1] * kernel[k + 1];
    const i = spectrum[k] * kernel[k + 1] + spectrum[k + 1] * kernel[k];
    spectrum[k] = r;
    spectrum[k + 1] = i;
  }
  const density = irfft(spectrum, nx);
  for (let x = 0; x < nx; x++) {
    const w = 1 / Math.fround(density[x]);
    density[x] = mask[x] !== 0 && Number.isFinite(w) ? w : 0;
  }
  return density;
}

/** Background of one line: a weighted fit of the lowest frequencies to the usable pixels; false when it cannot be solved. */
function fitLine(
  line: Float32Array,
  mask: Uint8Array,
  weights: Float64Array,
  gains: Float64Array,
  cos: Float64Array,
  sin: Float64Array,
  out: Float32Array,
): boolean {
  const nx = line.length;
  const nvec = gains.length;
  const at: number[] = [];
  for (let x = 0; x < nx; x++) if (mask[x] !== 0) at.push(x);
  const n = at.length;
  if (n === 0) return true;
  const values = Float32Array.from(at, (x) => line[x]);
  const centre = median32(values.slice(), n);
  const deviations = values.map((v) => Math.abs(v - centre));
  const sigma = Math.fround(Math.fround(1.4826) * median32(deviations, n));
  const low = Math.fround(centre - Math.fround(REJECT * sigma));
  const high = Math.fround(centre + Math.fround(REJECT * sigma));
  // The normal matrix depends on differences of frequencies only.
  const sumRe = new Float64Array(nvec);
  const sumIm = new Float64Array(nvec);
  const bre = new Float64Array(nvec);
  const bim = new Float64Array(nvec);
  for (let j = 0; j < n; j++) {
    const w = weights[at[j]];
    const v = values[j] >= low && values[j] <= high ? values[j] : centre;
    const a = (w * w) / (n * n);
    const b = (w * w * v) / n;
    for (let k = 0, phase = 0; k < nvec; k++, phase = (phase + at[j]) % nx) {
      sumRe[k] += a * cos[phase];
      sumIm[k] += a * sin[phase];
      bre[k] += b * cos[phase];
      bim[k] -= b * sin[phase];
    }
  }
  const re = new Float64Array(nvec * nvec);
  const im = new Float64Array(nvec * nvec);
  for (let r = 0; r < nvec; r++)
    for (let c = 0; c < nvec; c++) {
      re[r * nvec + c] = sumRe[Math.abs(c - r)];
      im[r * nvec + c] = c >= r ? sumIm[c - r] : -sumIm[r - c];
    }
  if (!solveComplex(re, im, bre, bim, nvec)) return false;
  for (let k = 0; k < nvec; k++) {
    const scale = ((k === 0 ? 1 : 2) * gains[k]) / n;
    bre[k] *= scale;
    bim[k] *= scale;
  }
  for (let x = 0; x < nx; x++) {
    let s = bre[0];
    for (let k = 1, phase = x; k < nvec; k++, phase = (phase + x) % nx) s += bre[k] * cos[phase] - bim[k] * sin[phase];
    out[x] = s;
  }
  return true;
}

/** Smooth across lines; the result is shifted by one pixel along both axes, as the kernel is. */
function smoothLines(model: Float32Array, ny: number, nx: number): Float32Array {
  const out = new Float32Array(model.length);
  const weights = Float64Array.from({ length: 2 * SMOOTH_REACH + 1 }, (_, i) => {
    const d = (i - SMOOTH_REACH) / SMOOTH_SIGMA;
    return Math.fround(Math.exp((-d * d) / 2) / SMOOTH_SIGMA / Math.sqrt(2 * Math.PI));
  });
  const row = new Float64Array(nx);
  for (let y = 0; y < ny; y++) {
    row.fill(0);
    for (let i = 0; i < weights.length; i++) {
      const from = ((((y - 1 - (i - SMOOTH_REACH)) % ny) + ny) % ny) * nx;
      for (let x = 0; x < nx; x++) row[x] += weights[i] * model[from + x];
    }
    for (let x = 0; x < nx; x++) out[y * nx + x] = row[(x - 1 + nx) % nx];
  }
  return out;
}

/**
 * Fit and subtract correlated noise of a full NIRSpec frame line by line in frequency space (NSClean).
 * B. J. Rauscher, PASP 136, 015001 (2024). Illuminated pixels do not take part.
 * @param mask - 1 where a pixel is background
 * @param detector - NRS1 or NRS2
 * @returns a new image, or undefined when a line cannot be fitted
 */
export function cleanFullFrame(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  detector: string,
): Float32Array | undefined {
  const flip = detector !== "NRS1";
  const data = toReadout(image, ny, nx, flip);
  const use = toReadout(mask, ny, nx, flip);
  const lines = nx;
  const length = ny;
  const kernel = densityKernel(length);
  const gains = lowPass(length);
  const cos = Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * i) / length));
  const sin = Float64Array.from({ length }, (_, i) => Math.sin((2 * Math.PI * i) / length));
  const model = new Float32Array(data.length);
  const span = (a: number): [number, number] => [a * length, (a + 1) * length];
  for (let y = BORDER; y < lines - BORDER; y++) {
    const here = use.subarray(...span(y));
    const weights = lineWeights(use.subarray(...span(y - 1)), here, kernel, length);
    if (!fitLine(data.subarray(...span(y)), here, weights, gains, cos, sin, model.subarray(...span(y))))
      return undefined;
  }
  const smooth = smoothLines(model, lines, length);
  for (let p = 0; p < data.length; p++) data[p] -= smooth[p];
  return fromReadout(data, ny, nx, flip);
}
