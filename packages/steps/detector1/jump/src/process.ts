import type { RampModel } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import { type ProcessOf, warnUnused } from "@calwebb/stpipe";
import {
  countUsable,
  detectJumps,
  executorFor,
  flagCores,
  flagShowers,
  type JumpRamp,
  pieceCount,
  prepareWorkers,
  type Running,
  type SnowballSettings,
  snowballTask,
} from "./kernel.js";
import { detectionSettings, showerSettings, snowballSettings } from "./settings.js";
import { JumpStep } from "./step.js";

/** What the step needs to know about the exposure. */
function timing(ramp: RampModel): { nframes: number; groupTime: number } {
  const { nframes, group_time } = ramp.meta.exposure;
  if (group_time === undefined || group_time === null)
    throw new ValidationError("the exposure has no TGROUP keyword; the group time is needed", { where: "TGROUP" });
  if (!nframes)
    throw new ValidationError("the exposure has no NFRAMES keyword; the frames per group are needed", {
      where: "NFRAMES",
    });
  return { nframes, groupTime: group_time };
}

/** Flag pixels whose gain says nothing, in place. */
function flagBadGain(pixeldq: Uint32Array, gain: Float32Array): void {
  const flags = pixel.NO_GAIN_VALUE | pixel.DO_NOT_USE;
  for (let p = 0; p < gain.length; p++) if (!(gain[p] > 0)) pixeldq[p] |= flags;
}

/** Find snowballs, integration by integration, and flag them in place; gives their number. */
async function flagLargeEvents(ramp: JumpRamp, settings: SnowballSettings, running: Running): Promise<number> {
  const { groupdq, nints, ngroups, nrows, ncols } = ramp;
  const pieces = Array.from({ length: nints }, (_, integration) => ({
    groupdq,
    integration,
    ngroups,
    nrows,
    ncols,
    settings,
  }));
  const found = await executorFor(running.executor, [groupdq]).run(snowballTask, pieces, { signal: running.signal });
  if (settings.nextGroups >= 1)
    for (let i = 1; i < nints; i++)
      flagCores(groupdq, i * ngroups * nrows * ncols, ngroups, nrows, ncols, found[i - 1].cores, settings.nextGroups);
  return found.reduce((sum, f) => sum + f.snowballs, 0);
}

/** Flag jumps, snowballs and showers of a ramp, in place. */
export const process: ProcessOf<typeof JumpStep> = async (model, ctx) => {
  const { params, refs, log, executor, signal, progress } = ctx;
  warnUnused(JumpStep, params, ["max_shower_amplitude", "minimum_groups", "use_ellipses"], log);
  await Promise.all([prepareWorkers(executor), model.load("data", "groupdq", "pixeldq")]);
  if (model.data.shape.length !== 4)
    throw new ValidationError(`the ramp has ${model.data.shape.length} axes; wanted 4`, { where: "data" });
  const [nints, ngroups, nrows, ncols] = model.data.shape;
  if (ngroups <= 2) return { skip: `jumps cannot be found in ramps of ${ngroups} groups` };
  const { nframes, groupTime } = timing(model);
  const gain = referenceCutter(model, refs.gain, log)(refs.gain.data).flat();
  const readnoise = referenceCutter(model, refs.readnoise, log)(refs.readnoise.data).flat();
  const npix = nrows * ncols;
  for (const [what, plane] of [
    ["gain", gain],
    ["read noise", readnoise],
  ] as const)
    if (plane.length !== npix)
      throw new ValidationError(`the ${what} has ${plane.length} pixels, the exposure ${nrows} x ${ncols}`);

  const pixeldq = model.pixeldq.flat();
  // A block of a larger exposure says which of its rows are its own; the others are there for their neighbours only.
  const own = model.tree["own_rows"] as readonly [number, number] | undefined;
  const counted = own && ([own[0] * ncols, own[1] * ncols] as const);
  const ramp: JumpRamp = {
    data: model.data.flat(),
    groupdq: model.groupdq.flat(),
    nints,
    ngroups,
    nrows,
    ncols,
    counted,
  };
  if (ramp.groupdq.length !== ramp.data.length)
    throw new ValidationError(`GROUPDQ has ${ramp.groupdq.length} values, the ramp ${ramp.data.length}`, {
      where: "groupdq",
    });
  log.info(`jumps are above ${params.rejection_threshold} sigma`);
  progress.start(pieceCount(ramp), "jumps");
  const running: Running = { executor, signal, onPiece: () => progress.advance() };
  const detecting = detectJumps(ramp, gain, readnoise, detectionSettings(params, nframes, groupTime), running);
  // Meanwhile, on this thread.
  flagBadGain(pixeldq, gain);
  const found = await detecting;
  if (!found.searched) log.info("too few usable groups to look for jumps");
  let events = 0;
  if (params.expand_large_events) {
    events = await flagLargeEvents(ramp, snowballSettings(params, groupTime), running);
    log.info(`${events} snowballs`);
  }
  if (params.find_showers) {
    const settings = showerSettings(params, nframes, groupTime);
    const showers = await flagShowers(ramp, pixeldq, gain, readnoise, settings, found.searched, running);
    if (showers === undefined) log.warn("too few differences to look for showers");
    events = showers ?? 0;
    log.info(`${events} showers`);
  }

  const groups = countUsable(ramp.groupdq, nints, ngroups, npix).total - nints;
  if (groups >= 1) {
    const time = groupTime * groups;
    const area = counted ? counted[1] - counted[0] : npix;
    model.meta.exposure.primary_cosmic_rays = (1000 * found.jumps) / (time * area);
    model.meta.exposure.extended_emission_events = (1e6 * events) / (time * area);
  }
  return model;
};
