/** Median of the first n values, which are sorted in place; the mean of the two in the middle for even n, in float32 as numpy has it. */
function medianOf(values: Float32Array, n: number): number {
  const run = values.subarray(0, n).sort();
  const middle = n >> 1;
  return n % 2 === 1 ? run[middle] : Math.fround(run[middle - 1] + run[middle]) / 2;
}

/** Range of rows or columns of a box; a box that begins before the image counts from its end, so it is nearly always empty. */
function side(at: number, half: number, n: number): readonly [number, number] {
  const from = at - half;
  return [from < 0 ? Math.max(0, from + n) : from, Math.min(n, at + half + 1)];
}

/**
 * Replace bad pixels of an image by the median of the good ones in the box around them, in place, row by row: a NaN without a flag
 * that has been replaced is good for those that follow. Without a good pixel in the box the value is 0.
 * @param data - [ny][nx]
 * @param dq - [ny][nx]
 * @param badBits - flags that make a pixel bad; NaN always does
 * @param nonScience - flags of pixels that are set to 0 when they are bad; 0 for none
 */
export function replaceBadPixels(
  data: Float32Array,
  dq: Uint32Array,
  ny: number,
  nx: number,
  box: number,
  badBits: number,
  nonScience: number,
): void {
  const half = Math.floor(box / 2);
  const values = new Float32Array((2 * half + 1) ** 2);
  const bad: number[] = [];
  for (let p = 0; p < ny * nx; p++) {
    if ((dq[p] & badBits) === 0 && !Number.isNaN(data[p])) continue;
    if ((dq[p] & nonScience) === 0) bad.push(p);
    else data[p] = 0;
  }
  for (const p of bad) {
    const [y0, y1] = side(Math.floor(p / nx), half, ny);
    const [x0, x1] = side(p % nx, half, nx);
    let n = 0;
    for (let y = y0; y < y1; y++)
      for (let x = x0; x < x1; x++) {
        const q = y * nx + x;
        if ((dq[q] & badBits) === 0 && Number.isFinite(data[q])) values[n++] = data[q];
      }
    data[p] = n === 0 ? 0 : medianOf(values, n);
  }
}
