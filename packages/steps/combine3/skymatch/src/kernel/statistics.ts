/** What is taken as the sky. */
export type SkyStatistic = "mean" | "median" | "mode" | "midpt";

/** How the sky is measured. */
export interface StatisticOptions {
  skystat: SkyStatistic;
  /** Range of values that count; null: no limit. */
  lower: number | null;
  upper: number | null;
  /** How often values outside mean - lsigma sigma .. mean + usigma sigma are left out. */
  nclip: number;
  lsigma: number;
  usigma: number;
  /** Width of the histogram's bins [sigma]. */
  binwidth: number;
}

/** A measurement: the value, and from how many pixels. */
export interface Measured {
  readonly value: number;
  readonly npix: number;
}

/** Of the values in a range. */
export interface Moments {
  npix: number;
  mean: number;
  stddev: number;
  min: number;
  max: number;
}

const f = Math.fround;

/**
 * Mean and standard deviation of the values in a range; sums are double, differences and results float32. As in gstatistics, the least
 * value is `low` where the first of all values is below it, and the greatest `high` where the first is above.
 */
function moments(values: Float32Array, low: number, high: number): Moments {
  const [lo, hi] = [f(low), f(high)];
  let npix = 0;
  let sum = 0;
  let min = lo > values[0] ? lo : values[0];
  let max = hi < values[0] ? hi : values[0];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!(v >= lo && v <= hi)) continue;
    npix++;
    sum += v;
    if (v < min) min = v;
    if (v > max) max = v;
  }
  const mean = f(sum / npix);
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!(v >= min && v <= max)) continue;
    const difference = f(v - mean);
    squares += f(difference * difference);
  }
  return { npix, mean, stddev: f(Math.sqrt(squares / (npix - 1))), min, max };
}

/** The least and the greatest of the values. */
function extremes(values: Float32Array): readonly [least: number, most: number] {
  let least = values[0];
  let most = values[0];
  for (let i = 1; i < values.length; i++) {
    const v = values[i];
    if (v < least) least = v;
    if (v > most) most = v;
  }
  return [least, most];
}

/** Counts in bins of `width` from `min` on. */
function histogram(values: Float32Array, nbins: number, width: number, min: number): Uint32Array {
  const bins = new Uint32Array(nbins);
  const size = f(width);
  const [high, scale] = [f(min + f(size * nbins)), f(1 / size)];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    if (!(v >= min && v < high)) continue;
    const bin = Math.trunc(f(scale * f(v - min)));
    if (bin < nbins) bins[bin]++;
  }
  return bins;
}

/** What statistics need of all values. */
export interface Passes {
  extremes: typeof extremes;
  moments: typeof moments;
  histogram: typeof histogram;
}

/** One value after the other. */
export const plainPasses: Passes = { extremes, moments, histogram };

/** Peak of a histogram, by the parabola through its highest bin and both neighbours. */
function modeOf(bins: Uint32Array, min: number, width: number): number {
  if (bins.length === 1) return min + 0.5 * width;
  if (bins.length === 2) return min + (bins[0] > bins[1] ? 0.5 : bins[0] < bins[1] ? 1.5 : 1) * width;
  let peak = 0;
  for (let i = 1; i < bins.length; i++) if (bins[i] > bins[peak]) peak = i;
  if (peak === 0 || peak === bins.length - 1) return min + (peak + 0.5) * width;
  const left = bins[peak] - bins[peak - 1];
  const right = bins[peak] - bins[peak + 1];
  if (left + right === 0) return min + (peak + 0.5) * width;
  return min + (peak + 1 + (0.5 * (left - right)) / (left + right) - 0.5) * width;
}

/** Where half of the values are below, by interpolation in the histogram. */
function midpointOf(bins: Uint32Array, min: number, width: number): number {
  if (bins.length === 1) return bins[0];
  let total = 0;
  for (const count of bins) total += count;
  let below = 0;
  let sum = 0;
  let i = 0;
  for (; i < bins.length; i++) {
    below = f(f(sum) / f(total));
    sum += bins[i];
    if (f(f(sum) / f(total)) >= 0.5) break;
  }
  const step = f(f(f(sum) / f(total)) - below);
  return min + i * width + (step === 0 ? 0 : f(f(f(0.5 - below) / step) * f(width)));
}

function medianOf(values: Float32Array): number {
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : f(f(sorted[middle - 1] + sorted[middle]) / 2);
}

/**
 * The sky of a set of pixels, as the STSDAS task gstatistics defines its statistics: the histogram of mode and midpt spans the
 * values that clipping leaves.
 * @param values - finite; not changed
 * @param passes - how to go over the values
 * @returns undefined when there is nothing to measure, or a limit makes no sense
 */
export function skyStatistic(
  values: Float32Array,
  options: StatisticOptions,
  passes: Passes = plainPasses,
): Measured | undefined {
  const { skystat, nclip, lsigma, usigma, binwidth } = options;
  if (values.length === 0 || lsigma <= 0 || usigma <= 0 || binwidth <= 0) return undefined;
  const [least, most] = passes.extremes(values);
  const lower = options.lower ?? least;
  const upper = options.upper ?? most;
  if (lower > most || upper < least || lower > upper) return undefined;
  let low = lower;
  let high = upper;
  let m = passes.moments(values, low, high);
  for (let i = 0; i < nclip && m.npix > 0; i++) {
    const [a, b] = [m.mean - lsigma * m.stddev, m.mean + usigma * m.stddev];
    low = a > lower ? a : lower;
    high = b < upper ? b : upper;
    m = passes.moments(values, low, high);
  }
  if (m.npix <= 0) return undefined;
  let value = m.mean;
  if (skystat === "median") {
    const [lo, hi] = [f(low), f(high)];
    value = medianOf(nclip > 0 ? values.filter((v) => v >= lo && v <= hi) : values);
  } else if (skystat !== "mean") {
    const width = binwidth * m.stddev;
    const range = m.max - m.min;
    const tiny = 10 * 2 ** -23;
    const one = width < tiny || range < tiny || width > range || Number.isNaN(width);
    const nbins = one ? 1 : Math.trunc(range / width) + 1;
    const bins = passes.histogram(values, nbins, one ? range : range / (nbins - 1), m.min);
    value = skystat === "mode" ? modeOf(bins, m.min, width) : midpointOf(bins, m.min, width);
  }
  return Number.isFinite(value) ? { value, npix: m.npix } : undefined;
}
