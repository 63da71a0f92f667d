import { median32 } from "@calwebb/stats";
import { fromReadout, toReadout } from "./rotate.js";
import { solveComplex } from "./solve.js";

/** Clock ticks between lines, and the time of one tick [s]. */
const OVERHEAD = 12;
const TICK = 1e-5;
/** Usable pixels that are fitted together. */
const SECTION = 512;
/** Outliers [standard deviations]. */
const REJECT = 4;
/** Least share of usable pixels in a section. */
const LEAST_SHARE = 0.05;

/** Unity gain below f[0] and above f[3], none between f[1] and f[2], cosine edges [Hz]. */
export type Filter = readonly [number, number, number, number];

/** The filter of most subarrays, and a gentler one for ALLSLITS. */
export const USUAL_FILTER: Filter = [1061, 1211, 49943, 49957];
export const ALLSLITS_FILTER: Filter = [150, 200, 49943, 49957];

/** Frequencies that pass the filter and their gains, for n ticks. */
function passing(n: number, f: Filter): { k: number[]; gain: number[] } {
  const k: number[] = [];
  const gain: number[] = [];
  for (let i = 0; i <= Math.floor(n / 2); i++) {
    const at = Math.fround(i / (n * TICK));
    let g = 0;
    if (at < f[0] || at >= f[3]) g = 1;
    else if (at < f[1]) g = 0.5 * (Math.cos((Math.PI / (f[1] - f[0])) * (at - f[0])) + 1);
    else if (at >= f[2]) g = 0.5 * (Math.cos((Math.PI / (f[3] - f[2])) * (at - f[2]) + Math.PI) + 1);
    if (Math.fround(g) > 0) {
      k.push(i);
      gain.push(g);
    }
  }
  return { k, gain };
}

/** Inverse density of the usable samples at each of them; the density is measured one tick before. */
function sampleWeights(ticks: readonly number[], n: number, f: Filter): Float64Array {
  const sigma = 1 / ((f[0] + f[1]) / 2) / TICK / 2 / 4;
  const used = new Uint8Array(n);
  for (const t of ticks) used[t] = 1;
  const reach = Math.min(Math.ceil(9 * sigma), Math.floor(n / 2));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => {
    const d = i - reach;
    return Math.exp(-(d * d) / sigma ** 2 / 2) / sigma / Math.sqrt(2 * Math.PI);
  });
  return Float64Array.from(ticks, (t) => {
    let s = 0;
    for (let i = 0; i < kernel.length; i++) if (used[(((t - 1 - (i - reach)) % n) + n) % n] !== 0) s += kernel[i];
    const w = 1 / s;
    return Number.isFinite(w) ? w : 0;
  });
}

/**
 * Correlated noise of a section of lines: a weighted fit of the passing frequencies to the usable pixels, in the order in which
 * they were read; undefined when it cannot be solved.
 */
function fitSection(
  data: Float32Array,
  mask: Uint8Array,
  lines: number,
  length: number,
  filter: Filter,
): Float64Array | undefined {
  const n = lines * (length + OVERHEAD);
  const ticks: number[] = [];
  const values: number[] = [];
  for (let y = 0; y < lines; y++)
    for (let x = 0; x < length; x++) {
      const p = y * length + x;
      if (mask[p] === 0 || Number.isNaN(data[p])) continue;
      ticks.push(y * (length + OVERHEAD) + x);
      values.push(data[p]);
    }
  const { k, gain } = passing(n, filter);
  const nvec = k.length;
  const weights = sampleWeights(ticks, n, filter);
  const cos = Float64Array.from({ length: n }, (_, i) => Math.cos((2 * Math.PI * i) / n));
  const sin = Float64Array.from({ length: n }, (_, i) => Math.sin((2 * Math.PI * i) / n));
  const count = ticks.length;
  const re = new Float64Array(nvec * nvec);
  const im = new Float64Array(nvec * nvec);
  const bre = new Float64Array(nvec);
  const bim = new Float64Array(nvec);
  for (let j = 0; j < count; j++) {
    const a = (weights[j] * weights[j]) / (count * count);
    const b = (weights[j] * weights[j] * values[j]) / count;
    for (let r = 0; r < nvec; r++) {
      const phase = (ticks[j] * k[r]) % n;
      bre[r] += b * cos[phase];
      bim[r] -= b * sin[phase];
      for (let c = r; c < nvec; c++) {
        const turn = (ticks[j] * (k[c] - k[r])) % n;
        re[r * nvec + c] += a * cos[turn];
        im[r * nvec + c] += a * sin[turn];
      }
    }
  }
  for (let r = 0; r < nvec; r++)
    for (let c = 0; c < r; c++) {
      re[r * nvec + c] = re[c * nvec + r];
      im[r * nvec + c] = -im[c * nvec + r];
    }
  if (!solveComplex(re, im, bre, bim, nvec)) return undefined;
  const model = new Float64Array(lines * length);
  for (let r = 0; r < nvec; r++) {
    const once = k[r] === 0 || 2 * k[r] === n;
    const scale = ((once ? 1 : 2) * gain[r]) / count;
    for (let y = 0; y < lines; y++)
      for (let x = 0; x < length; x++) {
        const phase = ((y * (length + OVERHEAD) + x) * k[r]) % n;
        model[y * length + x] += scale * (bre[r] * cos[phase] - bim[r] * sin[phase]);
      }
  }
  return model;
}

/** Median of the values where the mask is set. */
function maskedMedian(values: Float32Array, mask: Uint8Array): number {
  const kept = values.filter((_, p) => mask[p] !== 0);
  return median32(kept, kept.length);
}

/** Take outliers and their four neighbours out of the mask, in place. */
function dropOutliers(data: Float32Array, mask: Uint8Array, lines: number, length: number): void {
  const centre = maskedMedian(data, mask);
  const deviation = data.map((v) => Math.abs(v - centre));
  const limit = Math.fround(REJECT * Math.fround(Math.fround(1.4825) * maskedMedian(deviation, mask)));
  const outlier = Uint8Array.from(deviation, (d, p) => (mask[p] !== 0 && d > limit ? 1 : 0));
  for (let y = 0; y < lines; y++)
    for (let x = 0; x < length; x++) {
      const p = y * length + x;
      if (outlier[p] === 0) continue;
      mask[p] = 0;
      if (y > 0) mask[p - length] = 0;
      if (y < lines - 1) mask[p + length] = 0;
      if (x > 0) mask[p - 1] = 0;
      if (x < length - 1) mask[p + 1] = 0;
    }
}

/** Nearest integer, halves to even. */
function halfEven(x: number): number {
  const r = Math.round(x);
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r;
}

/** Overlapping sections of lines, [start, length], that hold about {@link SECTION} usable pixels each; none without any. */
function sections(counts: readonly number[]): [number, number][] {
  const total = [0];
  for (const c of counts) total.push(total[total.length - 1] + c);
  const first = counts.findIndex((c) => c > 0);
  if (first < 0) return [];
  let last = counts.length - 1;
  while (counts[last] === 0) last--;
  const out: [number, number][] = [];
  let start = first;
  while (start <= last) {
    let end = start + 1;
    for (; end <= last; end++)
      if (total[end] - total[start] > SECTION && total[counts.length] - total[start] > 1.5 * SECTION) break;
    out.push([start, end - start]);
    if (end === last + 1) break;
    start += Math.max(halfEven((end - start) / 2), 1);
  }
  return out;
}

/**
 * Fit and subtract correlated noise of a NIRSpec subarray in frequency space (NSClean), section by section of about 512 usable
 * pixels; sections overlap and count most in their middle. B. J. Rauscher, PASP 136, 015001 (2024).
 * @param mask - 1 where a pixel is background
 * @returns a new image, or undefined when no pixel is usable or a section cannot be fitted
 */
export function cleanSubarray(
  image: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  detector: string,
  filter: Filter,
  warn: (message: string) => void = () => {},
): Float32Array | undefined {
  const flip = detector !== "NRS1";
  const data = toReadout(image, ny, nx, flip);
  const use = toReadout(mask, ny, nx, flip);
  const lines = nx;
  const length = ny;
  dropOutliers(data, use, lines, length);
  const counts: number[] = [];
  for (let y = 0; y < lines; y++) {
    let n = 0;
    for (let x = 0; x < length; x++) n += use[y * length + x];
    counts.push(n);
  }
  const list = sections(counts);
  if (list.length === 0) return undefined;
  const model = new Float64Array(data.length);
  const weight = new Float64Array(data.length);
  for (const [start, size] of list) {
    const from = start * length;
    const end = from + size * length;
    const used = counts.slice(start, start + size).reduce((a, b) => a + b, 0);
    let fit: Float64Array | undefined = new Float64Array(size * length);
    if (used / (size * length) > LEAST_SHARE)
      fit = fitSection(data.subarray(from, end), use.subarray(from, end), size, length, filter);
    else warn(`too few background pixels around line ${start}: no correction there`);
    if (fit === undefined) return undefined;
    for (let y = 0; y < size; y++) {
      const w = 1.001 - Math.abs(size === 1 ? -1 : -1 + (2 * y) / (size - 1));
      for (let x = 0; x < length; x++) {
        model[from + y * length + x] += w * fit[y * length + x];
        weight[from + y * length + x] += w;
      }
    }
  }
  for (let p = 0; p < data.length; p++) data[p] -= model[p] === 0 ? 0 : model[p] / weight[p];
  return fromReadout(data, ny, nx, flip);
}
