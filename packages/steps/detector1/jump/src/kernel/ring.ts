/** A ring of equal weights: for each row offset dy the columns [from, to] that belong to it. */
export interface Ring {
  dy: number[];
  from: number[];
  to: number[];
  /** Pixels of the ring. */
  size: number;
  /** Largest offset. */
  half: number;
}

/** Pixels whose centres are between `inner` and `inner + width` from the origin, in a box of that size rounded up to odd. */
export function makeRing(inner: number, width: number): Ring {
  const outer = inner + width;
  let box = Math.ceil(2 * outer);
  if (box % 2 === 0) box++;
  const half = (box - 1) / 2;
  const ring: Ring = { dy: [], from: [], to: [], size: 0, half };
  for (let dy = -half; dy <= half; dy++) {
    let start: number | null = null;
    for (let dx = -half; dx <= half + 1; dx++) {
      const rr = dx * dx + dy * dy;
      const inside = dx <= half && rr >= inner ** 2 && rr <= outer ** 2;
      if (inside) {
        start ??= dx;
        ring.size++;
      } else if (start !== null) {
        ring.dy.push(dy);
        ring.from.push(start);
        ring.to.push(dx - 1);
        start = null;
      }
    }
  }
  return ring;
}

/**
 * Mean of an image over a ring around each pixel, without the pixels that are not finite. Beyond the edge the image counts as 0.
 * @param image - float32 values, (nrows, ncols)
 * @param out - receives the means; NaN where the pixel itself is not finite, or nothing in the ring is
 */
export function ringMean(image: Float32Array, nrows: number, ncols: number, ring: Ring, out: Float64Array): void {
  const stride = ncols + 1;
  // Sums and counts from the start of each row, so that a stretch of a row costs two look-ups.
  const sums = new Float64Array(nrows * stride);
  const bads = new Int32Array(nrows * stride);
  for (let y = 0; y < nrows; y++) {
    let s = 0;
    let b = 0;
    for (let x = 0; x < ncols; x++) {
      const v = image[y * ncols + x];
      if (Number.isFinite(v)) s += v;
      else b++;
      sums[y * stride + x + 1] = s;
      bads[y * stride + x + 1] = b;
    }
  }
  const pieces = ring.dy.length;
  for (let y = 0; y < nrows; y++)
    for (let x = 0; x < ncols; x++) {
      const p = y * ncols + x;
      if (!Number.isFinite(image[p])) {
        out[p] = Number.NaN;
        continue;
      }
      let s = 0;
      let b = 0;
      for (let k = 0; k < pieces; k++) {
        const row = y + ring.dy[k];
        if (row < 0 || row >= nrows) continue;
        const from = Math.max(0, x + ring.from[k]);
        const to = Math.min(ncols - 1, x + ring.to[k]);
        if (from > to) continue;
        s += sums[row * stride + to + 1] - sums[row * stride + from];
        b += bads[row * stride + to + 1] - bads[row * stride + from];
      }
      const good = ring.size - b;
      out[p] = good > 0 ? s / good : Number.NaN;
    }
}
