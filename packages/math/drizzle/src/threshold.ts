import { select } from "@calwebb/stats";
import { type WeightSample, weightSample } from "./threshold-sample.js";

/** Standard deviations that clipping allows, and how often it repeats. */
const SIGMA = 3;
const ITERATIONS = 5;
/** Values that say about where the middle ones are, and which part of these counts as the middle. */
const PROBES = 4096;
const MIDDLE = [0.45, 0.55];

/** Gives the k-th smallest weight of a sample: quickly when it is one of the middle ones. */
function ranks({ values, sum, gather }: WeightSample): (k: number) => number {
  const step = Math.max(1, Math.floor(values.length / PROBES));
  const probes = Float32Array.from({ length: Math.floor(values.length / step) }, (_, i) => values[i * step]).sort();
  const [low, high] = MIDDLE.map((part) => probes[Math.floor(part * probes.length)]);
  const middle = gather(low, high);
  const first = middle === undefined ? 0 : sum(low, high).below;
  let all: Float32Array | undefined;
  return (k) => {
    if (middle !== undefined && k >= first && k < first + middle.length)
      return select(middle, middle.length, k - first);
    all ??= values.slice();
    return select(all, all.length, k);
  };
}

/**
 * Weight below which pixels are not trusted: `fraction` of the mean of the finite weights that are not zero, after clipping at three
 * standard deviations from the median, up to five times.
 * @returns NaN without such weights
 */
export function weightThreshold(weights: Float32Array, fraction: number): number {
  return thresholdOf(weightSample(weights), fraction);
}

/** {@link weightThreshold} of a sample. */
export function thresholdOf(sample: WeightSample, fraction: number): number {
  const { values } = sample;
  const n = values.length;
  if (n === 0) return Number.NaN;
  if (sample.sum(values[0], values[0]).count === n) return values[0] * fraction;
  const rank = ranks(sample);
  let [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  let kept = sample.sum(low, high);
  for (let round = 0; round < ITERATIONS && kept.count > 0; round++) {
    const { count, below } = kept;
    const width = SIGMA * Math.sqrt(sample.squares(low, high, kept.sum / count) / count);
    const upper = rank(below + (count >> 1));
    const middle = count % 2 === 1 ? upper : (rank(below + (count >> 1) - 1) + upper) / 2;
    low = Math.max(low, middle - width);
    high = Math.min(high, middle + width);
    kept = sample.sum(low, high);
    if (kept.count === count) break;
  }
  return (kept.sum / kept.count) * fraction;
}
