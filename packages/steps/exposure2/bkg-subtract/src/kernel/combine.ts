import { defineTask, type Task } from "@calwebb/array";
import { clipBounds, sortValues } from "./clip.js";

/** A stack of backgrounds and where their mean goes; all arrays hold npix pixels. */
export interface CombineArgs {
  /** Values of each background; what is not finite is left out. */
  data: readonly (Float32Array | Float64Array)[];
  /** Variances of each background. */
  variance: readonly (Float32Array | Float64Array)[];
  sigma: number;
  /** 0: as many rounds of clipping as it takes. */
  maxiters: number;
  /** Receives the mean of what is left; 0 where nothing is. */
  mean: Float32Array;
  /** Receives the uncertainty of the mean. */
  err: Float32Array;
  /** Pixels start..end are combined. */
  start: number;
  end: number;
}

/** Mean of a stack of backgrounds pixel by pixel, after sigma clipping, with its uncertainty sqrt(sum of variances) / number. */
export function combineStack({ data, variance, sigma, maxiters, mean, err, start, end }: CombineArgs): void {
  const n = data.length;
  const sorted = new Float64Array(n);
  const limits = new Float64Array(2);
  for (let p = start; p < end; p++) {
    let finite = 0;
    for (let k = 0; k < n; k++) {
      const v = data[k][p];
      if (Number.isFinite(v)) sorted[finite++] = v;
    }
    sortValues(sorted, finite);
    clipBounds(sorted, finite, sigma, maxiters, limits);
    let sum = 0;
    let squares = 0;
    let kept = 0;
    for (let k = 0; k < n; k++) {
      const v = data[k][p];
      if (!Number.isFinite(v) || v < limits[0] || v > limits[1]) continue;
      sum += v;
      squares += variance[k][p];
      kept++;
    }
    mean[p] = kept === 0 ? 0 : sum / kept;
    err[p] = kept === 0 ? 0 : Math.sqrt(squares) / kept;
  }
}

/** {@link combineStack} for the executor. */
export const combineStackTask: Task<CombineArgs, void> = defineTask(import.meta.url, "combineStack", combineStack);
