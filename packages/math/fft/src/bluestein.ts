import type { Forward } from "./plan.js";
import { powerOfTwo } from "./radix.js";

/**
 * Any length as a convolution with a chirp, padded to a power of two.
 * L. Bluestein, IEEE Trans. Audio Electroacoust. 18, 451 (1970).
 */
export function bluestein(n: number): Forward {
  let size = 2;
  while (size < 2 * n - 1) size *= 2;
  const fft = powerOfTwo(size);
  const cos = new Float64Array(n);
  const sin = new Float64Array(n);
  // j*j modulo 2n, kept exact by adding 2j - 1.
  for (let j = 0, square = 0; j < n; j++) {
    const angle = (Math.PI * square) / n;
    cos[j] = Math.cos(angle);
    sin[j] = Math.sin(angle);
    square = (square + 2 * j + 1) % (2 * n);
  }
  const a = new Float64Array(2 * size);
  const b = new Float64Array(2 * size);
  const chirp = new Float64Array(2 * size);
  for (let j = 0; j < n; j++) {
    const k = j === 0 ? 0 : size - j;
    a[2 * j] = a[2 * k] = cos[j];
    a[2 * j + 1] = a[2 * k + 1] = sin[j];
  }
  fft(chirp, a);
  return (out, input) => {
    a.fill(0);
    for (let j = 0; j < n; j++) {
      a[2 * j] = input[2 * j] * cos[j] + input[2 * j + 1] * sin[j];
      a[2 * j + 1] = input[2 * j + 1] * cos[j] - input[2 * j] * sin[j];
    }
    fft(b, a);
    // The conjugate of the product: a forward transform of it is the conjugate of the inverse one.
    for (let j = 0; j < 2 * size; j += 2) {
      const re = b[j] * chirp[j] - b[j + 1] * chirp[j + 1];
      b[j + 1] = -(b[j] * chirp[j + 1] + b[j + 1] * chirp[j]);
      b[j] = re;
    }
    fft(a, b);
    const s = 1 / size;
    for (let k = 0; k < n; k++) {
      const re = a[2 * k] * s;
      const im = -a[2 * k + 1] * s;
      out[2 * k] = re * cos[k] + im * sin[k];
      out[2 * k + 1] = im * cos[k] - re * sin[k];
    }
  };
}
