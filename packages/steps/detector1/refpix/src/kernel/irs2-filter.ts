import { allocate } from "@calwebb/array";

/** Half-width of the interpolation window, pixel times. */
const REACH = 15;

/** Weights of a cosine window, as float32. */
const WINDOW: Float64Array = Float64Array.from({ length: 2 * REACH + 1 }, (_, i) =>
  Math.fround(Math.sin(Math.fround(Math.fround((i + 1) / 32) * Math.fround(Math.PI)))),
);

/**
 * Subtract the straight line through the samples of the first and last four lines (edge reference pixels) from all samples that are
 * not 0, in place. Zero means no sample.
 * @param values - a frame in time order, [lines, times], float32
 */
export function removeSlope(values: Float32Array, lines: number, times: number): void {
  const middle = (lines * times - 1) / 2;
  let n = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  const edge = 4 * times;
  for (const start of [0, (lines - 4) * times])
    for (let i = start; i < start + edge; i++) {
      const y = values[i];
      if (y === 0) continue;
      const x = i - middle;
      n++;
      sx += x;
      sy += y;
      sxx += x * x;
      sxy += x * y;
    }
  if (n === 0) return;
  const f = Math.fround;
  const slope = f((sxy - (sx * sy) / n) / (sxx - (sx * sx) / n));
  const intercept = f(sy / n - (slope * sx) / n);
  for (let i = 0; i < values.length; i++) {
    const y = values[i];
    if (y !== 0) values[i] = y - f(intercept + f((i - middle) * slope));
  }
}

/** Fill samples that are 0 with a weighted mean of their neighbours in time, in place; the frame is taken as periodic. */
export function interpolateGaps(values: Float32Array): void {
  const n = values.length;
  const gaps: number[] = [];
  for (let i = 0; i < n; i++) if (values[i] === 0) gaps.push(i);
  const filled = new Float32Array(gaps.length);
  for (let g = 0; g < gaps.length; g++) {
    let sum = 0;
    let weight = 0;
    for (let k = -REACH; k <= REACH; k++) {
      const v = values[(gaps[g] + k + n) % n];
      sum += WINDOW[k + REACH] * v;
      if (v !== 0) weight += WINDOW[k + REACH];
    }
    filled[g] = weight === 0 ? 0 : Math.fround(sum) / Math.fround(weight);
  }
  for (let g = 0; g < gaps.length; g++) values[gaps[g]] = filled[g];
}

/**
 * Transmission of the filter that keeps frequencies near zero and near the highest one, with cosine edges; one element per bin of a real
 * transform.
 */
export function edgeFilter(lines: number, times: number, normal: number, reference: number): Float64Array {
  const period = normal + reference + 2;
  const half = (lines * times) / 2;
  const slope = Math.floor(110000 / period);
  const flat = Math.floor((Math.floor(times / period) * lines) / 2) - (slope >> 1);
  const out = new Float64Array(half + 1);
  for (let k = 0; k < half; k++) {
    const d = Math.min(k, half - 1 - k);
    if (d < flat) out[k] = 1;
    else if (d < flat + slope) out[k] = (Math.cos(((d - flat) * Math.PI) / slope) + 1) / 2;
  }
  out[half] = out[0];
  return out;
}

/**
 * The part of complex weights that acts on the real result: (w[k] + conj w[n - k]) / 2 for the bins of a real transform.
 * @param column - real and imaginary parts in turn, 2 n elements
 */
export function realActing(column: ArrayLike<number>): Float64Array {
  const n = column.length / 2;
  const bins = Math.floor(n / 2) + 1;
  // In shared memory: workers get it without a copy.
  const out = allocate("float64", 2 * bins);
  for (let k = 0; k < bins; k++) {
    const m = (n - k) % n;
    out[2 * k] = 0.5 * (column[2 * k] + column[2 * m]);
    out[2 * k + 1] = 0.5 * (column[2 * k + 1] - column[2 * m + 1]);
  }
  return out;
}
