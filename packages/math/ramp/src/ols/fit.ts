import { allocate, defineTask, type Executor, splitRange, type Task } from "@calwebb/array";
import { allocatePlanes, executorFor, rowsPerPiece } from "../planes.js";
import type { FitPlanes, SegmentPlanes } from "../types.js";
import { fitOlsRows, measureOlsRows } from "./rows.js";
import type { OlsInput, OlsPiece } from "./setup.js";

export { fitOlsRows, measureOlsRows };

const fitTask: Task<OlsPiece, void> = defineTask(import.meta.url, "fitOlsRows", fitOlsRows);
const measureTask: Task<OlsInput & { rowStart: number; rowEnd: number }, { nsegments: number; ncrs: number }> =
  defineTask(import.meta.url, "measureOlsRows", measureOlsRows);

/** Options of a fit. */
export interface OlsOptions {
  /** Also keep the fit of every segment. */
  segments?: boolean | undefined;
  /**
   * Nobody needs the counts any more: rates of the integrations may lie in their memory. A pixel's counts have been read before anything is
   * written for it.
   */
  consume?: boolean | undefined;
  executor?: Executor | undefined;
  signal?: AbortSignal | undefined;
  /** Called after each piece with the rows done so far. */
  onRows?: ((done: number, total: number) => void) | undefined;
}

/** Results of an ordinary least squares fit. */
export interface OlsResult {
  /** (nrows, ncols) */
  rate: FitPlanes;
  /** (nints, nrows, ncols) */
  rateints: FitPlanes;
  segments: SegmentPlanes | undefined;
}

function allocateSegments(nints: number, npix: number, nsegments: number, ncrs: number): SegmentPlanes {
  const n = nints * nsegments * npix;
  return {
    nsegments,
    ncrs,
    slope: allocate("float32", n),
    sigslope: allocate("float32", n),
    varPoisson: allocate("float32", n),
    varRnoise: allocate("float32", n),
    yint: allocate("float32", n),
    sigyint: allocate("float32", n),
    weights: allocate("float32", n),
    pedestal: allocate("float32", nints * npix),
    crmag: allocate("float32", nints * ncrs * npix),
  };
}

/**
 * Fit all ramps by optimally weighted least squares over segments; see `fitOlsRows` for the algorithm. The input is not
 * modified unless it may be consumed; the result does not depend on the executor.
 * @throws {RangeError} when an array does not fit the shape
 */
export async function fitOls(input: OlsInput, options: OlsOptions = {}): Promise<OlsResult> {
  const { ramp, gain, readnoise } = input;
  const { nints, ngroups, nrows, ncols } = ramp;
  const npix = nrows * ncols;
  const n = nints * ngroups * npix;
  if (ramp.data.length !== n || ramp.groupdq.length !== n)
    throw new RangeError(`ramp of ${ramp.data.length} values and ${ramp.groupdq.length} flags, wanted ${n}`);
  for (const [name, plane] of [
    ["pixel flags", ramp.pixeldq],
    ["gain", gain],
    ["read noise", readnoise],
    ["dark current", ramp.averageDark],
  ] as const)
    if (plane !== undefined && plane.length !== npix)
      throw new RangeError(`${name}: ${plane.length} pixels, wanted ${npix}`);
  if (ramp.zeroframe !== undefined && ramp.zeroframe.length !== nints * npix)
    throw new RangeError(`zero frame: ${ramp.zeroframe.length} pixels, wanted ${nints * npix}`);

  const rate = allocatePlanes(npix);
  const rateints = allocatePlanes(nints * npix, options.consume ? ramp.data : undefined);
  const executor = executorFor(options.executor, [
    ramp.data,
    ramp.groupdq,
    ramp.pixeldq,
    gain,
    readnoise,
    ...Object.values(rate),
    ...Object.values(rateints),
  ]);
  const ranges = splitRange(nrows, rowsPerPiece(ncols, nints * ngroups)).map(([rowStart, rowEnd]) => ({
    rowStart,
    rowEnd,
  }));
  const { signal } = options;
  let segments: SegmentPlanes | undefined;
  if (options.segments) {
    const sizes = await executor.run(
      measureTask,
      ranges.map((r) => ({ ...input, ...r })),
      { signal },
    );
    segments = allocateSegments(
      nints,
      npix,
      Math.max(0, ...sizes.map((s) => s.nsegments)),
      Math.max(0, ...sizes.map((s) => s.ncrs)),
    );
  }
  await executor.run(
    fitTask,
    ranges.map((r) => ({ ...input, ...r, rate, rateints, segments })),
    {
      signal,
      onDone: (done) => options.onRows?.(ranges[done - 1].rowEnd, nrows),
    },
  );
  return { rate, rateints, segments };
}
