/** A square kernel of odd size, row-major; all kernels here are symmetric, so correlation and convolution are the same. */
export interface Kernel {
  size: number;
  values: Float64Array;
}

/** A circular Gaussian sampled at pixel centres, sum 1; it reaches 4 standard deviations. */
export function gaussianKernel(sigma: number, size?: number): Kernel {
  let n = size ?? Math.ceil(8 * sigma);
  if (n % 2 === 0) n++;
  const c = (n - 1) / 2;
  const values = new Float64Array(n * n);
  let sum = 0;
  for (let p = 0; p < n * n; p++) {
    const dx = (p % n) - c;
    const dy = Math.floor(p / n) - c;
    values[p] = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
    sum += values[p];
  }
  for (let p = 0; p < n * n; p++) values[p] /= sum;
  return { size: n, values };
}

/** Convolution with zeros outside the image; NaN spreads to where the kernel is not 0. Sums in float64, result in float32. */
export function convolve(data: Float32Array, ny: number, nx: number, kernel: Kernel): Float32Array {
  const { size, values } = kernel;
  const h = (size - 1) / 2;
  const out = new Float32Array(data.length);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      let sum = 0;
      const from = Math.max(-h, -x);
      const to = Math.min(h, nx - 1 - x);
      for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++) {
        const row = (y + j) * nx + x;
        const weights = (j + h) * size + h;
        for (let i = from; i <= to; i++) {
          const weight = values[weights + i];
          // A star next to a NaN that the kernel does not reach stays the peak, so that no pixel beside it becomes one.
          if (weight !== 0) sum += data[row + i] * weight;
        }
      }
      out[y * nx + x] = sum;
    }
  return out;
}

/**
 * Convolution with a kernel of sum 1 that interpolates over pixels that are masked or NaN; zeros outside the image count as values.
 * @param mask - 1 for pixels to leave out
 * @returns NaN where the kernel meets no value
 */
export function convolveKnown(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  kernel: Kernel,
): Float32Array {
  const { size, values } = kernel;
  const h = (size - 1) / 2;
  const out = new Float32Array(data.length);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      let sum = 0;
      let weight = 1;
      const from = Math.max(-h, -x);
      const to = Math.min(h, nx - 1 - x);
      for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++) {
        const row = (y + j) * nx + x;
        const weights = (j + h) * size + h;
        for (let i = from; i <= to; i++) {
          const v = data[row + i];
          if (mask[row + i] !== 0 || Number.isNaN(v)) weight -= values[weights + i];
          else sum += v * values[weights + i];
        }
      }
      out[y * nx + x] = weight > 1e-12 ? sum / weight : Number.NaN;
    }
  return out;
}
