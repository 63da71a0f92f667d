import { fftPlan } from "./plan.js";
import { realFftPlan } from "./real.js";

/** Transform of complex numbers (real and imaginary parts in turn), as `numpy.fft.fft`; the input is not changed. */
export function fft(input: Float64Array): Float64Array {
  const out = new Float64Array(input.length);
  fftPlan(input.length / 2).forward(out, input);
  return out;
}

/** Inverse of {@link fft}, as `numpy.fft.ifft`. */
export function ifft(input: Float64Array): Float64Array {
  const out = new Float64Array(input.length);
  fftPlan(input.length / 2).inverse(out, input);
  return out;
}

/** The floor(n / 2) + 1 bins of a real array's transform, as `numpy.fft.rfft`. */
export function rfft(input: ArrayLike<number>): Float64Array {
  const plan = realFftPlan(input.length);
  const out = new Float64Array(2 * plan.bins);
  plan.forward(out, input);
  return out;
}

/**
 * Real array from its bins, as `numpy.fft.irfft`.
 * @param n - length of the result; default 2 * (bins - 1). Missing bins count as 0, those too many are left out.
 */
export function irfft(input: Float64Array, n: number = input.length - 2): Float64Array {
  const plan = realFftPlan(n);
  const out = new Float64Array(n);
  const bins = new Float64Array(2 * plan.bins);
  bins.set(input.subarray(0, Math.min(input.length, bins.length)));
  plan.inverse(out, bins);
  return out;
}

/** Frequencies of the bins of {@link fft}, as `numpy.fft.fftfreq`. @param d - sample spacing */
export function fftfreq(n: number, d: number = 1): Float64Array {
  const out = new Float64Array(n);
  const positive = Math.floor((n - 1) / 2) + 1;
  for (let i = 0; i < n; i++) out[i] = (i < positive ? i : i - n) * (1 / (n * d));
  return out;
}

/** Move the zero-frequency element to the middle, as `numpy.fft.fftshift` of one axis; a new array. */
export function fftshift(input: Float64Array): Float64Array {
  const n = input.length;
  const out = new Float64Array(n);
  const shift = Math.floor(n / 2);
  for (let i = 0; i < n; i++) out[(i + shift) % n] = input[i];
  return out;
}
