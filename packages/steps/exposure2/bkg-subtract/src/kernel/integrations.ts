import { defineTask, type Task } from "@calwebb/array";
import { clipBounds, sortValues } from "./clip.js";

/** The integrations of one background exposure and where their means go. */
export interface IntegrationArgs {
  /** [nints][npix]; what is not finite is left out. */
  data: Float32Array;
  /** [nints][npix] */
  err: Float32Array;
  nints: number;
  npix: number;
  sigma: number;
  /** 0: as many rounds of clipping as it takes. */
  maxiters: number;
  /** [npix]; receives the mean of the values, 0 where none is left. */
  mean: Float64Array;
  /** [npix]; receives the mean of the squared errors, clipped on their own. */
  variance: Float64Array;
  /** Pixels start..end are averaged. */
  start: number;
  end: number;
}

const f = Math.fround;

/** Mean of float32 values after clipping; they are added in float32, as the reference implementation adds them. */
function clippedMean(
  values: Float64Array,
  n: number,
  sorted: Float64Array,
  limits: Float64Array,
  sigma: number,
  maxiters: number,
): number {
  let finite = 0;
  for (let k = 0; k < n; k++) if (Number.isFinite(values[k])) sorted[finite++] = values[k];
  sortValues(sorted, finite);
  clipBounds(sorted, finite, sigma, maxiters, limits);
  let sum = 0;
  let kept = 0;
  for (let k = 0; k < n; k++) {
    const v = values[k];
    if (!Number.isFinite(v) || v < limits[0] || v > limits[1]) continue;
    sum = f(sum + v);
    kept++;
  }
  return kept === 0 ? 0 : sum / kept;
}

/** Mean over the integrations of a background, pixel by pixel, after sigma clipping; squared errors likewise. */
export function meanOfIntegrations(a: IntegrationArgs): void {
  const { data, err, nints, npix, sigma, maxiters, mean, variance } = a;
  const values = new Float64Array(nints);
  const sorted = new Float64Array(nints);
  const limits = new Float64Array(2);
  for (let p = a.start; p < a.end; p++) {
    for (let k = 0; k < nints; k++) values[k] = data[k * npix + p];
    mean[p] = clippedMean(values, nints, sorted, limits, sigma, maxiters);
    for (let k = 0; k < nints; k++) {
      const e = err[k * npix + p];
      values[k] = f(e * e);
    }
    variance[p] = clippedMean(values, nints, sorted, limits, sigma, maxiters);
  }
}

/** {@link meanOfIntegrations} for the executor. */
export const meanOfIntegrationsTask: Task<IntegrationArgs, void> = defineTask(
  import.meta.url,
  "meanOfIntegrations",
  meanOfIntegrations,
);
