/** Horizontal runs of set pixels in row order: run i covers columns [from[i], to[i]) of row[i]. Grows as needed. */
export class Runs {
  row: Int32Array = new Int32Array(256);
  from: Int32Array = new Int32Array(256);
  to: Int32Array = new Int32Array(256);
  count = 0;

  clear(): void {
    this.count = 0;
  }

  /** Add a pixel; pixels must come in row-major order. */
  add(y: number, x: number): void {
    const last = this.count - 1;
    if (last >= 0 && this.row[last] === y && this.to[last] === x) {
      this.to[last] = x + 1;
      return;
    }
    if (this.count === this.row.length) this.grow();
    const i = this.count++;
    this.row[i] = y;
    this.from[i] = x;
    this.to[i] = x + 1;
  }

  private grow(): void {
    const bigger = (old: Int32Array): Int32Array => {
      const out = new Int32Array(old.length * 2);
      out.set(old);
      return out;
    };
    this.row = bigger(this.row);
    this.from = bigger(this.from);
    this.to = bigger(this.to);
  }
}

/**
 * Runs of the nonzero pixels of an image.
 * @param mask - ny * nx values, row-major, starting at `offset`
 * @param runs - receives the runs; cleared first
 */
export function maskRuns(mask: Uint8Array, offset: number, ny: number, nx: number, runs: Runs): Runs {
  runs.clear();
  for (let y = 0, p = offset; y < ny; y++) for (let x = 0; x < nx; x++, p++) if (mask[p] !== 0) runs.add(y, x);
  return runs;
}
