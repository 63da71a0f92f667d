import { backgroundLevel, clipMask, clippedStatistics, medianLevel } from "@calwebb/scene";
import { subtractStripes } from "./stripes.js";

/** Numbers that decide how an image is best cleaned. */
export interface ImageStatistics {
  /** Share of pixels with signal. */
  maskedShare: number;
  /** Largest step between neighbouring channels [DN/s]. */
  channelStep: number;
  /** Steepest gradient [DN/s/pixel], and its ratio to the other direction's. */
  slope: number;
  slopeRatio: number;
  /** Scatter about the gradient [DN/s]. */
  scatter: number;
}

/** Where the statistics turn one way or the other. */
export interface Limits {
  maskedShare: number;
  channelStep: number;
  slopeLowStep: number;
  slopeHighStep: number;
  slopeRatio: number;
  scatter: number;
}

/** How to clean. */
export interface Decision {
  background: "median" | "model";
  byChannel: boolean;
}

const FULL = 2048;
const CHANNEL = 512;

/** Limits for NIRISS and NIRCam images. */
export const LIMITS: Readonly<Record<"NIRISS" | "NIRCAM", Limits>> = {
  NIRISS: {
    maskedShare: 0.07,
    channelStep: 0.07,
    slopeLowStep: 1e-5,
    slopeHighStep: 1e-4,
    slopeRatio: 5,
    scatter: 0.02,
  },
  NIRCAM: {
    maskedShare: 0.1,
    channelStep: 0.07,
    slopeLowStep: 1e-5,
    slopeHighStep: 1e-5,
    slopeRatio: 3,
    scatter: 0.02,
  },
};

/** Choose background and channels from the statistics of an image. */
export function decide(s: ImageStatistics, limits: Limits): Decision {
  const crowded = s.maskedShare >= limits.maskedShare;
  const steps = s.channelStep >= limits.channelStep;
  const steepLow = s.slope >= limits.slopeLowStep;
  const steepHigh = s.slope >= limits.slopeHighStep;
  if (!crowded && steps) return { background: "median", byChannel: true };
  if (crowded) return { background: (steps ? steepHigh : steepLow) ? "model" : "median", byChannel: false };
  const oneWay = s.slopeRatio >= limits.slopeRatio;
  const model = steepHigh || (steepLow && !oneWay);
  return { background: model ? "model" : "median", byChannel: s.channelStep > 0 && s.scatter >= limits.scatter };
}

/** Clean an image in the simplest way, in place; its mask loses signal. Sources become background. */
function quickClean(image: Float32Array, mask: Uint8Array, ny: number, nx: number, alongRows: boolean): Float32Array {
  clipMask(image, mask);
  const nan = new Uint8Array(image.length);
  for (let p = 0; p < image.length; p++)
    if (Number.isNaN(image[p])) {
      nan[p] = 1;
      mask[p] = 0;
      image[p] = 0;
    }
  const { level } = medianLevel(image, mask);
  for (let p = 0; p < image.length; p++) image[p] -= level;
  clipMask(image, mask, { lowerHalf: true });
  const clean = subtractStripes(image, mask, ny, nx, alongRows, false);
  for (let p = 0; p < clean.length; p++) clean[p] = nan[p] !== 0 ? Number.NaN : clean[p] + level;
  const smooth = backgroundLevel(clean, mask, ny, nx, "model");
  for (let p = 0; p < clean.length; p++) if (mask[p] === 0) clean[p] = typeof smooth === "number" ? smooth : smooth[p];
  return clean;
}

/** Mean along one axis between two fractions of it, without NaN. */
function profile(
  image: Float32Array,
  ny: number,
  nx: number,
  overRows: boolean,
  from: number,
  to: number,
): Float64Array {
  const length = overRows ? ny : nx;
  const first = Math.round(from * length);
  const end = Math.round(to * length);
  return Float64Array.from({ length: overRows ? nx : ny }, (_, i) => {
    let sum = 0;
    let n = 0;
    for (let k = first; k < end; k++) {
      const v = overRows ? image[k * nx + i] : image[i * nx + k];
      if (Number.isNaN(v)) continue;
      sum += v;
      n++;
    }
    return sum / n;
  });
}

/** Slope of a straight line through a profile, and the scatter about it. */
function line(values: Float64Array): { slope: number; scatter: number } {
  const at: number[] = [];
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) at.push(i);
  const n = at.length;
  const mx = at.reduce((a, b) => a + b, 0) / n;
  const my = at.reduce((a, i) => a + values[i], 0) / n;
  let xx = 0;
  let xy = 0;
  for (const i of at) {
    xx += (i - mx) ** 2;
    xy += (i - mx) * (values[i] - my);
  }
  const slope = xx > 0 ? xy / xx : 0;
  const rest = Float64Array.from(at, (i) => values[i] - my - slope * (i - mx)).sort();
  return { slope, scatter: clippedStatistics(rest, 10).std };
}

/** Largest step between the means of neighbouring channels; 0 unless a full frame. */
function channelStep(values: Float64Array): number {
  if (values.length !== FULL) return 0;
  const means: number[] = [];
  for (let from = 0; from < FULL; from += CHANNEL)
    means.push(
      clippedStatistics(
        values
          .slice(from, from + CHANNEL)
          .filter(Number.isFinite)
          .sort(),
        3,
      ).mean,
    );
  return Math.max(...means.slice(1).map((m, i) => Math.abs(m - means[i])));
}

/**
 * Look at a rate image and measure what decides how to clean it.
 * @param image - [DN/s], divided by the flat if there is one; overwritten
 */
export function measureImage(
  image: Float32Array,
  ny: number,
  nx: number,
  alongRows: boolean,
  instrument: "NIRISS" | "NIRCAM",
): ImageStatistics {
  const mask = new Uint8Array(ny * nx).fill(1);
  const clean = quickClean(image, mask, ny, nx, alongRows);
  const overRows = profile(clean, ny, nx, true, 3 / 8, 5 / 8);
  const overColumns = profile(clean, ny, nx, false, 3 / 8, 5 / 8);
  const column = line(overRows);
  const row = line(overColumns);
  const slopes = [Math.abs(row.slope), Math.abs(column.slope)];
  const niriss = instrument === "NIRISS";
  return {
    maskedShare: mask.reduce((n, m) => n + (m === 0 ? 1 : 0), 0) / mask.length,
    channelStep: channelStep(niriss ? overColumns : overRows),
    slope: Math.max(...slopes),
    slopeRatio: Math.max(...slopes) / Math.min(...slopes),
    // The first channel of NIRISS, at the top, can differ from the others.
    scatter: niriss ? line(profile(clean, ny, nx, true, 10 / 12, 11 / 12)).scatter : column.scatter,
  };
}
