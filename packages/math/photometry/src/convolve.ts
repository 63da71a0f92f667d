import { convolveSimd, LEAST_WEIGHT } from "./convolve-simd.js";

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

/**
 * Convolution with zeros outside the image; NaN spreads to where the kernel is not 0. Sums in float64, result in float32.
 * @param out - receives the result
 */
export function convolve(
  data: Float32Array,
  ny: number,
  nx: number,
  kernel: Kernel,
  out: Float32Array = new Float32Array(data.length),
): Float32Array {
  return convolveSimd(data, undefined, ny, nx, kernel, out) ?? convolvePlain(data, ny, nx, kernel, out);
}

/** {@link convolve} without WASM. */
export function convolvePlain(
  data: Float32Array,
  ny: number,
  nx: number,
  kernel: Kernel,
  out: Float32Array,
): Float32Array {
  const { size, values } = kernel;
  const h = (size - 1) / 2;
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
 * What {@link convolve} gives in a square around a pixel, for images of which few pixels are wanted; zeros outside the image.
 * @param size - of the square [pixels]; x0, y0 are its first column and row
 */
export function convolveSquare(
  data: Float32Array,
  ny: number,
  nx: number,
  kernel: Kernel,
  x0: number,
  y0: number,
  size: number,
): Float64Array {
  const { size: width, values } = kernel;
  const h = (width - 1) / 2;
  const out = new Float64Array(size * size);
  for (let y = Math.max(0, y0); y < Math.min(ny, y0 + size); y++)
    for (let x = Math.max(0, x0); x < Math.min(nx, x0 + size); x++) {
      let sum = 0;
      for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++)
        for (let i = Math.max(-h, -x); i <= Math.min(h, nx - 1 - x); i++) {
          const weight = values[(j + h) * width + h + i];
          if (weight !== 0) sum += data[(y + j) * nx + x + i] * weight;
        }
      out[(y - y0) * size + x - x0] = Math.fround(sum);
    }
  return out;
}

/** A row of an image with 0 for pixels to leave out, and 1 for those in `missing`. @returns 1 when there are any */
function knownRow(
  data: Float32Array,
  mask: Uint8Array,
  from: number,
  nx: number,
  known: Float32Array,
  missing: Float32Array,
  to: number,
): number {
  let gap = 0;
  for (let p = from, q = to; p < from + nx; p++, q++) {
    const v = data[p];
    const usable = mask[p] === 0 && !Number.isNaN(v);
    known[q] = usable ? v : 0;
    missing[q] = usable ? 0 : 1;
    if (!usable) gap = 1;
  }
  return gap;
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
  return (
    convolveSimd(data, mask, ny, nx, kernel, new Float32Array(data.length)) ??
    convolveKnownPlain(data, mask, ny, nx, kernel)
  );
}

/** {@link convolveKnown} without WASM. */
export function convolveKnownPlain(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  kernel: Kernel,
): Float32Array {
  const { size, values } = kernel;
  const h = (size - 1) / 2;
  // Pixels to leave out count as 0 in the sum; where there are any, their share of the kernel is taken off. Only the rows that the
  // kernel reaches are kept, row y in place y % size.
  const known = new Float32Array(size * nx);
  const missing = new Float32Array(size * nx);
  const gaps = new Uint8Array(size);
  let ready = 0;
  const out = new Float32Array(data.length);
  const sums = new Float64Array(nx);
  const weights = new Float64Array(nx);
  for (let y = 0; y < ny; y++) {
    for (; ready < ny && ready <= y + h; ready++) {
      const place = ready % size;
      gaps[place] = knownRow(data, mask, ready * nx, nx, known, missing, place * nx);
    }
    sums.fill(0);
    weights.fill(1);
    for (let j = Math.max(-h, -y); j <= Math.min(h, ny - 1 - y); j++) {
      const place = (y + j) % size;
      for (let i = -h; i <= h; i++) {
        const weight = values[(j + h) * size + h + i];
        addShifted(sums, known, place * nx, i, nx, weight);
        if (gaps[place] === 1) addShifted(weights, missing, place * nx, i, nx, -weight);
      }
    }
    for (let x = 0, p = y * nx; x < nx; x++, p++)
      out[p] = weights[x] > LEAST_WEIGHT ? sums[x] / weights[x] : Number.NaN;
  }
  return out;
}
