import { ValidationError } from "@calwebb/errors";
import type { ProcessOf } from "@calwebb/stpipe";
import { flagWindows, mjdToEpoch } from "../kernel.js";
import type { PersistenceStep } from "../step.js";
import { readWindows, writeWindows } from "./state.js";

type Ramp = Parameters<ProcessOf<typeof PersistenceStep>>[0];
type Context = Parameters<ProcessOf<typeof PersistenceStep>>[1];

/** Start of every integration, seconds since 1970: from the table of integration times, else counted from the start. */
function startTimes(ramp: Ramp, nints: number): number[] {
  const { start_time, integration_time } = ramp.meta.exposure;
  const table = ramp.int_times;
  return Array.from({ length: nints }, (_, i) => {
    if (table !== undefined && i < table.nrows) return mjdToEpoch(Number(table.cell("int_start_MJD_UTC", i)));
    if (start_time === undefined)
      throw new ValidationError("the exposure has no EXPSTART keyword and no integration times", { where: "EXPSTART" });
    if (i > 0 && integration_time === undefined)
      throw new ValidationError("the exposure has no EFFINTTM keyword and no integration times", { where: "EFFINTTM" });
    return mjdToEpoch(start_time) + i * (integration_time ?? 0);
  });
}

/** Flag groups in a time window after saturation, in place. */
export async function correctWindows(ramp: Ramp, ctx: Context): Promise<Ramp | { skip: string; status?: "FAILED" }> {
  const { params, log, signal } = ctx;
  const time = params.persistence_time;
  if (time === null || time <= 0) return { skip: "persistence_time must be given and positive", status: "FAILED" };
  await ramp.load("data", "groupdq", "int_times");
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const npix = ny * nx;
  const { group_time } = ramp.meta.exposure;
  if (group_time === undefined) throw new ValidationError("the exposure has no TGROUP keyword", { where: "TGROUP" });
  const detector = ramp.meta.instrument.detector ?? "";
  const ends = new Float64Array(npix);
  if (params.persistence_array_file !== null) {
    const reason = await readWindows(params.persistence_array_file, detector, time, ends, [ny, nx], ctx);
    if (reason !== undefined) log.info(`no windows of earlier exposures: ${reason}`);
  }
  const options = { window: time, threshold: params.dn_threshold, doNotUse: params.persistence_dnu };
  const data = ramp.data.flat();
  const groupdq = ramp.groupdq.flat();
  for (const [i, start] of startTimes(ramp, nints).entries()) {
    signal.throwIfAborted();
    const from = i * ngroups * npix;
    const to = from + ngroups * npix;
    flagWindows(data.subarray(from, to), groupdq.subarray(from, to), ends, ngroups, npix, start, group_time, options);
  }
  if (params.save_persistence !== null)
    await writeWindows(params.save_persistence, detector, time, ends, nx, ramp.meta.filename, ctx);
  return ramp;
}
