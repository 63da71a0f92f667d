import { defineTask, type Task } from "@calwebb/array";
import type { DrizzleBand } from "./types.js";

/** The resampled errors of one exposure in one band, and how they go into the sums over exposures. */
export class VarianceBand {
  private readonly band: DrizzleBand;
  /** First output pixel of the band. */
  private readonly base: number;
  private readonly wht: Float32Array;
  private readonly errors: (Float32Array | null)[];

  /** @param reach - output pixels that an input pixel reaches */
  constructor(band: DrizzleBand, reach: number) {
    this.band = band;
    this.base = band.start * band.onx;
    const n = (band.end - band.start) * band.onx;
    this.wht = new Float32Array(n);
    this.errors = band.variances.map((v) => (v.variance === null ? null : new Float32Array(n)));
    const { xLow, xHigh } = band.extent;
    this.first = Math.max(0, Math.floor(xLow - reach));
    this.last = Math.min(band.onx - 1, Math.ceil(xHigh + reach));
  }

  /** Of each output pixel that is hit. */
  private keep: Float64Array = new Float64Array(64);
  private add: Float64Array = new Float64Array(64);
  /** Columns that the exposure may touch. */
  private readonly first: number;
  private readonly last: number;

  /** Weighted means of the errors, as for the data; all kinds have the same weights. */
  deposit(index: Int32Array, weights: Float32Array, n: number, p: number): void {
    const { wht, errors, band, base } = this;
    if (n > this.keep.length) {
      this.keep = new Float64Array(2 * n);
      this.add = new Float64Array(2 * n);
    }
    const { keep, add } = this;
    for (let k = 0; k < n; k++) {
      const w = weights[k];
      const at = index[k] - base;
      const before = wht[at];
      const after = Math.fround(before + w);
      wht[at] = after;
      // Shares of what is there and of what comes; a weight that rounds to zero changes nothing.
      const per = w === 0 ? 0 : 1 / after;
      keep[k] = w === 0 ? 1 : before * per;
      add[k] = w * per;
    }
    for (let v = 0; v < errors.length; v++) {
      const out = errors[v];
      const variance = band.variances[v].variance;
      if (out === null || variance === null) continue;
      const value = Math.fround(Math.sqrt(variance[p])) * band.factor;
      for (let k = 0; k < n; k++) {
        const at = index[k] - base;
        out[at] = out[at] * keep[k] + value * add[k];
      }
    }
  }

  /** Add what has been gathered to the sums over exposures. */
  finish(): void {
    const { band, wht, errors, base, first, last } = this;
    const rows = band.end - band.start;
    const weights = errors[0];
    const fixed = band.varianceWeight;
    for (let v = 0; v < errors.length; v++) {
      const values = errors[v];
      if (values === null) continue;
      const { sum, total } = band.variances[v];
      for (let j = 0; j < rows; j++)
        for (let q = j * band.onx + first, e = j * band.onx + last; q <= e; q++) {
          if (wht[q] === 0) continue;
          const variance = Math.fround(values[q] * values[q]);
          if (!(variance < Number.POSITIVE_INFINITY)) continue;
          let w = fixed ?? 1;
          if (fixed === undefined && weights !== null) {
            const own = Math.fround(weights[q] * weights[q]);
            if (!(own > 0 && own < Number.POSITIVE_INFINITY)) continue;
            w = Math.fround(1 / own);
          }
          const at = base + q;
          const so = sum[at];
          const add = variance * w * w;
          sum[at] = Number.isNaN(so) ? add : so + add;
          total[at] = Math.fround(total[at] + w);
        }
    }
  }
}

/** Sums over exposures and what becomes of them. */
export interface VarianceResult {
  /** Sums of variance times weight squared, replaced by the variances. */
  sums: readonly Float32Array[];
  /** Sums of the weights. */
  totals: readonly Float32Array[];
  /** Receives the error, if wanted; may be one of the totals. */
  err: Float32Array | null;
  /** Factor on the variances: one over the square of the scale ratio. */
  scale: number;
  start: number;
  end: number;
}

/**
 * Turn sums into variances of the weighted mean, in place, and their sum into an error: NaN where no variance is known.
 * Pixels start..end.
 */
export function finishVariances(r: VarianceResult): void {
  for (let p = r.start; p < r.end; p++) {
    let all = 0;
    let known = false;
    for (let v = 0; v < r.sums.length; v++) {
      const variance = Math.fround((r.sums[v][p] * r.scale) / r.totals[v][p] / r.totals[v][p]);
      r.sums[v][p] = variance;
      if (!(variance >= 0 || variance < 0)) continue;
      all = Math.fround(all + variance);
      known = true;
    }
    if (r.err !== null) r.err[p] = known ? Math.sqrt(all) : Number.NaN;
  }
}

/** {@link finishVariances} for the executor. */
export const finishVariancesTask: Task<VarianceResult, void> = defineTask(
  import.meta.url,
  "finishVariances",
  finishVariances,
);
