import { fftshift, irfft } from "@calwebb/fft";

/** Convolution kernels for the reference columns of each amplifier. */
export interface SirsKernels {
  left: Float64Array[];
  right: Float64Array[];
}

/**
 * Convolution kernels of simple improved reference subtraction, from Fourier coefficients: inverse transform, centred and cut
 * to `2 * halfwidth + 1` elements, smoothed with a Gaussian.
 * @param gamma - coefficients of the left pixels per amplifier: real and imaginary parts in turn
 * @param zeta - of the right pixels
 * @param gaussmooth - standard deviation of the Gaussian, elements
 * @throws {RangeError} when the coefficients are too few for the width
 */
export function sirsKernels(
  gamma: readonly Float64Array[],
  zeta: readonly Float64Array[],
  gaussmooth: number,
  halfwidth: number,
): SirsKernels {
  const window = new Float64Array(2 * halfwidth + 1);
  let sum = 0;
  for (let i = 0; i < window.length; i++) {
    window[i] = Math.exp(-((i - halfwidth) ** 2) / (2 * gaussmooth * gaussmooth));
    sum += window[i];
  }
  for (let i = 0; i < window.length; i++) window[i] /= sum;
  const make = (coefficients: Float64Array): Float64Array => {
    const n = coefficients.length / 2 - 1;
    const all = fftshift(irfft(coefficients));
    // Fewer elements than the width asks for: a negative start counts from the end, as indices do there.
    const start = n >= halfwidth ? n - halfwidth : Math.max(0, 3 * n - halfwidth);
    const kernel = all.slice(start, n + halfwidth + 1);
    if (kernel.length === 0)
      throw new RangeError(`SIRS: ${n + 1} Fourier coefficients make no kernel of half-width ${halfwidth}`);
    return convolveSame(kernel, window);
  };
  return { left: gamma.map(make), right: zeta.map(make) };
}

/** Convolution of two sequences, cut to the length of the longer one around the middle. */
export function convolveSame(a: Float64Array, b: Float64Array): Float64Array {
  const [long, short] = a.length >= b.length ? [a, b] : [b, a];
  const out = new Float64Array(long.length);
  const shift = (short.length - 1) >> 1;
  for (let i = 0; i < out.length; i++) {
    const at = i + shift;
    const from = Math.max(0, at - long.length + 1);
    const to = Math.min(short.length - 1, at);
    let s = 0;
    for (let j = from; j <= to; j++) s += short[j] * long[at - j];
    out[i] = s;
  }
  return out;
}

/** Standard deviation of a normal distribution over its median absolute deviation, as the method rounds it. */
const MAD_TO_SIGMA = 1.48;

/** Mean of the good pixels of a side per row (bad ones counting 0), and the share of good ones. */
function sideSignal(
  values: Float64Array,
  width: number,
  sigreject: number,
): { signal: Float64Array; good: Float64Array } {
  const middle = median(values);
  const sigma = MAD_TO_SIGMA * median(values.map((v) => Math.abs(v - middle)));
  const rows = values.length / width;
  const signal = new Float64Array(rows);
  const good = new Float64Array(rows);
  for (let r = 0; r < rows; r++) {
    for (let i = r * width; i < (r + 1) * width; i++) {
      const ok = Math.abs(values[i] - middle) <= sigreject * sigma ? 1 : 0;
      good[r] += ok;
      signal[r] += values[i] * ok;
    }
    signal[r] /= width;
    good[r] /= width;
  }
  return { signal, good };
}

function median(values: Float64Array): number {
  const a = Float64Array.from(values).sort();
  const n = a.length;
  // Sorting puts NaN last.
  if (Number.isNaN(a[n - 1])) return Number.NaN;
  return n % 2 ? a[(n - 1) / 2] : (a[n / 2 - 1] + a[n / 2]) / 2;
}

/**
 * Reference signal of every row, per amplifier, from the four columns on both sides.
 * @param left - pixels of the left columns row by row; @param right - likewise
 * @param sigreject - pixels farther from the median than so many standard deviations do not count
 * @returns one array of rows per amplifier
 */
export function sirsTemplates(
  left: Float64Array,
  right: Float64Array,
  kernels: SirsKernels,
  sigreject: number,
  width = 4,
): Float64Array[] {
  const l = sideSignal(left, width, sigreject);
  const r = sideSignal(right, width, sigreject);
  const ones = new Float64Array(l.signal.length).fill(1);
  return kernels.left.map((kl, amp) => {
    const out = weighted(l.signal, l.good, ones, kl);
    const other = weighted(r.signal, r.good, ones, kernels.right[amp]);
    for (let i = 0; i < out.length; i++) out[i] += other[i];
    return out;
  });
}

/** Convolution that makes up for the pixels left out. */
function weighted(signal: Float64Array, good: Float64Array, ones: Float64Array, kernel: Float64Array): Float64Array {
  const out = convolveSame(signal, kernel);
  const all = convolveSame(ones, kernel);
  const used = convolveSame(good, kernel);
  for (let i = 0; i < out.length; i++) out[i] *= all[i] / used[i];
  return out;
}
