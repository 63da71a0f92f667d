import { splitRange } from "@calwebb/array";
import type { RampModel, RSCDModel } from "@calwebb/datamodels";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import { correctDecayTask, flagFirstGroups } from "./kernel.js";
import type { RscdStep } from "./step.js";
import { decayRows, groupsToSkip, tableSubarray } from "./table.js";

const NOT_LISTED = "the reference lists no parameters for this READPATT and SUBARRAY";

/** The number of groups to skip that leaves three, the last of which is given up later. */
function affordable(skip: number, ngroups: number, which: string, log: Logger): number {
  if (ngroups >= skip + 3) return skip;
  const most = Math.max(0, ngroups - 3);
  log.info(`${which}: flagging ${most} groups instead of ${skip}, so that enough are left`);
  return most;
}

/** Flag the first groups of every integration. Gives the reason if that is not possible. */
function flag(ramp: RampModel, reference: RSCDModel, log: Logger): string | undefined {
  const { exposure, subarray, rscd } = ramp.meta;
  const table = reference.rscd_group_skip_table;
  const listed = table && groupsToSkip(table, tableSubarray(subarray.name), exposure.readpatt ?? "");
  if (listed === undefined) return NOT_LISTED;
  let [first, later] = listed;
  if (first < 0) {
    log.warn("the reference is of an older kind without a number for the first integration; flagging 1 group there");
    first = 1;
  }
  const [heldInts, heldGroups, ny, nx] = ramp.data.shape;
  const ngroups = Number(exposure.ngroups ?? heldGroups);
  const nints = exposure.nints ?? heldInts;
  if (ngroups < 3) return `${ngroups} groups are too few to give one up`;
  if (ngroups <= 5) first = later = 1;
  first = affordable(first, ngroups, "integration 1", log);
  if (nints > 1) later = affordable(later, ngroups, "later integrations", log);

  const groupdq = ramp.groupdq.flat();
  const pixeldq = ramp.pixeldq.flat();
  const start = exposure.integration_start ?? 1;
  if (start === 1) {
    const done = flagFirstGroups(groupdq, pixeldq, heldGroups, ny * nx, 0, 1, first);
    log.info(`integration 1: ${first} groups flagged, fewer in ${done.lowered} bright pixels`);
    rscd.keep_bright_firstgroup_int1 = done.none;
    rscd.keep_groups_saturation_int1 = done.lowered;
    rscd.ngroups_skip_int1 = first;
  }
  if (nints > 1) {
    const done = flagFirstGroups(groupdq, pixeldq, heldGroups, ny * nx, start === 1 ? 1 : 0, heldInts, later);
    log.info(`later integrations: ${later} groups flagged, fewer in ${done.lowered} bright pixels`);
    rscd.keep_bright_firstgroup_int2p = done.none;
    rscd.keep_groups_saturation_int2p = done.lowered;
    rscd.ngroups_skip_int2p = later;
  }
  return undefined;
}

/** Flag or correct the reset switch charge decay of a MIRI ramp, in place. */
export const process: ProcessOf<typeof RscdStep> = async (ramp, ctx) => {
  const { refs, params, log, executor, signal, progress } = ctx;
  await ramp.load("data", "groupdq", "pixeldq");
  if (params.algorithm === "flag") {
    const reason = flag(ramp, refs.rscd, log);
    return reason === undefined ? ramp : { skip: reason };
  }
  const { exposure, subarray } = ramp.meta;
  const rows = decayRows(refs.rscd, tableSubarray(subarray.name), exposure.readpatt ?? "");
  if (rows === undefined) return { skip: NOT_LISTED };
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  if (ngroups < 3) return { skip: `${ngroups} groups are too few to extrapolate the last one` };
  const shared = {
    data: ramp.data.flat(),
    groupdq: ramp.groupdq.flat(),
    pixeldq: ramp.pixeldq.flat(),
    nints,
    ngroups,
    ny,
    nx,
    ...rows,
    equation: params.decay_equation,
    unit: params.decay_percent ? 0.01 : 1,
    framesPerGroup: (exposure.nframes ?? 1) + (exposure.groupgap ?? 0),
    firstRow: subarray.ystart ?? 1,
  };
  const pieces = splitRange(ny, 128).map(([start, end]) => ({ ...shared, start, end }));
  progress.start(pieces.length, "rscd");
  await executor.run(correctDecayTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};
