/**
 * Pixels that are the largest within a circle and above a threshold, in row-major order; pixels outside the image count as 0.
 * @param mask - 1 for pixels that are no peaks; NaN never is one
 * @param radius - of the circle [whole pixels]
 * @returns positions x, y alternating
 */
export function findPeaks(
  data: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  threshold: number,
  radius: number,
): Int32Array {
  const found: number[] = [];
  const offsets: number[] = [];
  for (let j = -radius; j <= radius; j++)
    for (let i = -radius; i <= radius; i++)
      if (i * i + j * j <= radius * radius && (i !== 0 || j !== 0)) offsets.push(i, j);
  for (let y = 0; y < ny; y++)
    for (let x = 0; x < nx; x++) {
      const v = data[y * nx + x];
      if (!(v > threshold) || mask[y * nx + x] !== 0) continue;
      let largest = true;
      for (let k = 0; k < offsets.length && largest; k += 2) {
        const column = x + offsets[k];
        const row = y + offsets[k + 1];
        const outside = column < 0 || column >= nx || row < 0 || row >= ny;
        if ((outside ? 0 : data[row * nx + column]) > v) largest = false;
      }
      if (largest) found.push(x, y);
    }
  return Int32Array.from(found);
}

/** A square cut out around a pixel; zeros outside the image. */
export function cutout(data: Float32Array, ny: number, nx: number, x: number, y: number, size: number): Float64Array {
  const h = (size - 1) / 2;
  const out = new Float64Array(size * size);
  for (let j = 0; j < size; j++)
    for (let i = 0; i < size; i++) {
      const row = y + j - h;
      const column = x + i - h;
      if (row >= 0 && row < ny && column >= 0 && column < nx) out[j * size + i] = data[row * nx + column];
    }
  return out;
}
