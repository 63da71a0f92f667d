import { allocate, defineTask, type Executor, splitRange, type Task } from "@calwebb/array";
import { allocatePlanes, executorFor, rowsPerPiece } from "../planes.js";
import type { FitPlanes, RampData, RampTiming } from "../types.js";
import { evenReadTimes } from "./covariance.js";
import { DEFAULT_THRESHOLDS, type JumpThresholds } from "./pixel.js";
import { fitLikelihoodRows, type LikelihoodPiece } from "./rows.js";

export { fitLikelihoodRows };

const fitTask: Task<LikelihoodPiece, void> = defineTask(import.meta.url, "fitLikelihoodRows", fitLikelihoodRows);

/** Shortest ramp that the jump search can work on. */
export const LIKELIHOOD_MIN_GROUPS = 4;

/** Options of a fit. */
export interface LikelihoodOptions {
  ramp: RampData;
  timing: RampTiming;
  /** Times of the reads of each group [s], for unevenly sampled ramps; made from `timing` when left out. */
  readTimes?: readonly (readonly number[])[] | undefined;
  /** Gain [e-/DN], (nrows, ncols). */
  gain: Float32Array;
  /** Read noise of a difference of two frames [DN], (nrows, ncols). */
  readnoise: Float32Array;
  thresholds?: JumpThresholds | undefined;
  /** Also keep chi squared. */
  chisq?: boolean | undefined;
  executor?: Executor | undefined;
  signal?: AbortSignal | undefined;
  /** Called after each piece with the rows done so far. */
  onRows?: ((done: number, total: number) => void) | undefined;
}

/** Results of a likelihood fit. */
export interface LikelihoodResult {
  /** (nrows, ncols) */
  rate: FitPlanes;
  /** (nints, nrows, ncols) */
  rateints: FitPlanes;
  /** Chi squared, summed over the integrations, (nrows, ncols); empty unless it was asked for. */
  chisq: Float32Array;
}

/**
 * Fit all ramps by maximum likelihood, leaving out differences that look like jumps. The input is not modified.
 * @throws {RangeError} for fewer than four groups
 */
export async function fitLikelihood(options: LikelihoodOptions): Promise<LikelihoodResult> {
  const { ramp, timing, gain, readnoise, signal } = options;
  const { nints, ngroups, nrows, ncols } = ramp;
  if (ngroups < LIKELIHOOD_MIN_GROUPS)
    throw new RangeError(`a likelihood fit needs ${LIKELIHOOD_MIN_GROUPS} groups, this ramp has ${ngroups}`);
  const readTimes = options.readTimes ?? evenReadTimes(timing, ngroups);
  if (readTimes.length !== ngroups)
    throw new RangeError(`read times for ${readTimes.length} groups, the ramp has ${ngroups}`);
  const npix = nrows * ncols;
  const rate = allocatePlanes(npix);
  const rateints = allocatePlanes(nints * npix);
  const chisq = allocate("float32", options.chisq ? npix : 0);
  const chisqInts = allocate("float32", options.chisq ? nints * npix : 0);
  const executor = executorFor(options.executor, [
    ramp.data,
    ramp.groupdq,
    ramp.pixeldq,
    gain,
    readnoise,
    chisqInts,
    chisq,
    ...Object.values(rate),
    ...Object.values(rateints),
  ]);
  const ranges = splitRange(nrows, rowsPerPiece(ncols, 4 * nints * ngroups));
  await executor.run(
    fitTask,
    ranges.map(([rowStart, rowEnd]) => ({
      ramp,
      readTimes,
      nframes: timing.nframes,
      gain,
      readnoise,
      thresholds: options.thresholds ?? DEFAULT_THRESHOLDS,
      rowStart,
      rowEnd,
      rateints,
      rate,
      chisq: chisqInts,
      chisqSum: chisq,
    })),
    { signal, onDone: (done) => options.onRows?.(ranges[done - 1][1], nrows) },
  );
  return { rate, rateints, chisq };
}
