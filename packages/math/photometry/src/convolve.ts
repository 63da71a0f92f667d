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

/** out[x] += from[x + shift] * weight wherever both exist; `from` starts at element `row`. */
function addShifted(
  out: Float64Array,
  from: Float32Array,
  row: number,
  shift: number,
  nx: number,
  weight: number,
): void {
  const end = Math.min(nx, nx - shift);
  for (let x = Math.max(0, -shift), p = row + x + shift; x < end; x++, p++) out[x] += from[p] * weight;
}

/** Convolution with zeros outside the image; NaN spreads to where the kernel is not 0. Sums in float64, result in float32. */
export function convolve(data: Float32Array, ny: number, nx: number, kernel: Kernel): Float32Array {
  const { size, values } = kernel;
  const h = (size - 1) / 2;
  const out = new Float32Array(data.length);
  const sums = new Float64Array(nx);
  for (let y = 0; y < ny; y++) {
    sums.fill(0);
    for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++)
      for (let i = -h; i <= h; i++) {
        const weight = values[(j + h) * size + h + i];
        // A star next to a NaN that the kernel does not reach stays the peak, so that no pixel beside it becomes one.
        if (weight !== 0) addShifted(sums, data, (y + j) * nx, i, nx, weight);
      }
    out.set(sums, y * nx);
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
  // Pixels to leave out count as 0 in the sum; where there are any, their share of the kernel is taken off.
  const known = new Float32Array(data.length);
  const missing = new Float32Array(data.length);
  const gaps = new Uint8Array(ny);
  for (let y = 0, p = 0; y < ny; y++)
    for (let x = 0; x < nx; x++, p++) {
      const v = data[p];
      if (mask[p] === 0 && !Number.isNaN(v)) known[p] = v;
      else gaps[y] = missing[p] = 1;
    }
  const out = new Float32Array(data.length);
  const sums = new Float64Array(nx);
  const weights = new Float64Array(nx);
  for (let y = 0; y < ny; y++) {
    sums.fill(0);
    weights.fill(1);
    for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++)
      for (let i = -h; i <= h; i++) {
        const weight = values[(j + h) * size + h + i];
        addShifted(sums, known, (y + j) * nx, i, nx, weight);
        if (gaps[y + j] === 1) addShifted(weights, missing, (y + j) * nx, i, nx, -weight);
      }
    for (let x = 0, p = y * nx; x < nx; x++, p++) out[p] = weights[x] > 1e-12 ? sums[x] / weights[x] : Number.NaN;
  }
  return out;
}
