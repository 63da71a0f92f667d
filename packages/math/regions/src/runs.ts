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
    this.addRun(y, x, x + 1);
  }

  /** Add a run [from, to) of a row. */
  addRun(y: number, from: number, to: number): void {
    this.reserve(1);
    const i = this.count++;
    this.row[i] = y;
    this.from[i] = from;
    this.to[i] = to;
  }

  /** Add the first `count` runs of a list, [from, to) of rows; they come after those that are there, in row-major order. */
  append(row: Int32Array, from: Int32Array, to: Int32Array, count: number): void {
    this.reserve(count);
    this.row.set(row.subarray(0, count), this.count);
    this.from.set(from.subarray(0, count), this.count);
    this.to.set(to.subarray(0, count), this.count);
    this.count += count;
  }

  private reserve(more: number): void {
    const needed = this.count + more;
    if (needed <= this.row.length) return;
    const bigger = (old: Int32Array): Int32Array => {
      const out = new Int32Array(Math.max(old.length * 2, needed));
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
