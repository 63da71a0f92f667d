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

/** Means over a ring around each pixel of images of one size. */
export class RingMean {
  private readonly nrows: number;
  private readonly ncols: number;
  private readonly ring: Ring;
  // Sums and counts from the start of each row, so that a stretch of a row costs two look-ups.
  private readonly sums: Float64Array;
  private readonly bads: Int32Array;
  // What is found so far for each pixel of a row.
  private readonly rowSum: Float64Array;
  private readonly rowBad: Int32Array;

  constructor(nrows: number, ncols: number, ring: Ring) {
    this.nrows = nrows;
    this.ncols = ncols;
    this.ring = ring;
    this.sums = new Float64Array(nrows * (ncols + 1));
    this.bads = new Int32Array(nrows * (ncols + 1));
    this.rowSum = new Float64Array(ncols);
    this.rowBad = new Int32Array(ncols);
  }

  /**
   * Mean of an image without the pixels that are not finite. Beyond the edge the image counts as 0.
   * @param image - float32 values, (nrows, ncols)
   * @param out - receives the means; NaN where the pixel itself is not finite, or nothing in the ring is
   */
  mean(image: Float32Array, out: Float64Array): void {
    const { nrows, ncols } = this;
    for (let y = 0; y < nrows; y++) this.addUp(image, y);
    for (let y = 0; y < nrows; y++) this.meanRow(image, y, out.subarray(y * ncols, (y + 1) * ncols));
  }

  private addUp(image: Float32Array, y: number): void {
    const { ncols, sums, bads } = this;
    const row = y * (ncols + 1);
    let s = 0;
    let b = 0;
    for (let x = 0; x < ncols; x++) {
      const v = image[y * ncols + x];
      if (Number.isFinite(v)) s += v;
      else b++;
      sums[row + x + 1] = s;
      bads[row + x + 1] = b;
    }
  }

  private meanRow(image: Float32Array, y: number, out: Float64Array): void {
    const { nrows, ncols, ring, rowSum, rowBad } = this;
    const { dy, from, to, size } = ring;
    rowSum.fill(0);
    rowBad.fill(0);
    for (let k = 0; k < dy.length; k++) {
      const row = y + dy[k];
      if (row >= 0 && row < nrows) this.addStretches(row, from[k], to[k]);
    }
    for (let x = 0; x < ncols; x++) {
      const good = size - rowBad[x];
      out[x] = good > 0 && Number.isFinite(image[y * ncols + x]) ? rowSum[x] / good : Number.NaN;
    }
  }

  /** Add columns [x + from, x + to] of a row to every pixel x. */
  private addStretches(row: number, from: number, to: number): void {
    const { ncols, sums, bads, rowSum, rowBad } = this;
    const at = row * (ncols + 1);
    const first = Math.min(ncols, Math.max(0, -from));
    const last = Math.max(first, Math.min(ncols, ncols - to));
    for (let x = first, low = at + x + from, high = at + x + to + 1; x < last; x++, low++, high++) {
      rowSum[x] += sums[high] - sums[low];
      rowBad[x] += bads[high] - bads[low];
    }
    for (let x = 0; x < ncols; x++) {
      // The rest, near the edges.
      if (x === first) x = last;
      const low = Math.max(0, x + from);
      const high = Math.min(ncols - 1, x + to) + 1;
      if (x >= ncols || low >= high) continue;
      rowSum[x] += sums[at + high] - sums[at + low];
      rowBad[x] += bads[at + high] - bads[at + low];
    }
  }
}
