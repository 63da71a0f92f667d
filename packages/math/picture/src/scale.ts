/** How data values between the limits map to brightness 0..1. */
export type Stretch = "linear" | "sqrt" | "log" | "asinh";

const SAMPLES = 10_000;
const CONTRAST = 0.25;
const ITERATIONS = 5;
const REJECT = 2.5;

/**
 * Display limits by the zscale algorithm of IRAF: a line is fitted to the sorted values of a sample of the image, with
 * rejection at 2.5 sigma; its slope, divided by the contrast, spans the limits about the median.
 * @param image - any values; NaN and infinities are ignored
 * @returns [low, high]; [0, 1] when no finite value exists
 */
export function zscale(image: Float32Array | Float64Array): [number, number] {
  const step = Math.max(1, Math.floor(image.length / SAMPLES));
  const values: number[] = [];
  for (let i = 0; i < image.length; i += step) if (Number.isFinite(image[i])) values.push(image[i]);
  if (values.length === 0) return [0, 1];
  const sample = Float64Array.from(values).sort();
  const n = sample.length;
  const low = sample[0];
  const high = sample[n - 1];
  const slope = fitSlope(sample);
  if (slope === undefined) return low < high ? [low, high] : [low, low + 1];
  const median = n % 2 ? sample[n >> 1] : (sample[n / 2 - 1] + sample[n / 2]) / 2;
  const middle = (n - 1) / 2;
  const z1 = Math.max(low, median - (middle * slope) / CONTRAST);
  const z2 = Math.min(high, median + ((n - 1 - middle) * slope) / CONTRAST);
  return z1 < z2 ? [z1, z2] : [low, low < high ? high : low + 1];
}

/** Slope of the sorted values per sample after rejection; undefined when more than half of them were rejected. */
function fitSlope(sample: Float64Array): number | undefined {
  const n = sample.length;
  const keep = new Uint8Array(n).fill(1);
  let slope = 0;
  let kept = n;
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    let sx = 0;
    let sy = 0;
    let sxx = 0;
    let sxy = 0;
    kept = 0;
    for (let i = 0; i < n; i++) {
      if (!keep[i]) continue;
      kept++;
      sx += i;
      sy += sample[i];
      sxx += i * i;
      sxy += i * sample[i];
    }
    if (kept < Math.max(5, n / 2)) return undefined;
    const determinant = kept * sxx - sx * sx;
    if (determinant === 0) return undefined;
    slope = (kept * sxy - sx * sy) / determinant;
    const offset = (sy - slope * sx) / kept;
    let squares = 0;
    for (let i = 0; i < n; i++) if (keep[i]) squares += (sample[i] - offset - slope * i) ** 2;
    const limit = REJECT * Math.sqrt(squares / kept);
    let rejected = 0;
    for (let i = 0; i < n; i++)
      if (keep[i] && Math.abs(sample[i] - offset - slope * i) > limit) {
        keep[i] = 0;
        rejected++;
      }
    if (rejected === 0) break;
  }
  return slope;
}
