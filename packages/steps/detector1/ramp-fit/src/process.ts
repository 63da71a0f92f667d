import type { Model, RampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import {
  allSaturated,
  excludeGroups,
  type FitPlanes,
  fitLikelihood,
  fitOls,
  type GroupRange,
  LIKELIHOOD_MIN_GROUPS,
  type RampData,
  type RampTiming,
  usableGroups,
} from "@calwebb/ramp";
import { referenceCutter } from "@calwebb/readout";
import { type ParamsOf, type ProcessOf, type StepContext, warnUnused } from "@calwebb/stpipe";
import { groupLimits } from "./limits.js";
import { chisqModel, rateintsModel, rateModel, segmentsModel } from "./products.js";
import { RampFitStep } from "./step.js";

type Context = StepContext<ParamsOf<typeof RampFitStep>, object>;

/** What both algorithms take. */
interface Work {
  ramp: RampModel;
  data: RampData;
  timing: RampTiming;
  gain: Float32Array;
  readnoise: Float32Array;
  ctx: Context;
}

/** Rates over the exposure and per integration. */
interface Rates {
  rate: FitPlanes;
  rateints: FitPlanes;
}

function number(value: number | undefined, keyword: string): number {
  if (value === undefined || !Number.isFinite(value))
    throw new ValidationError(`the exposure has no ${keyword}, which the timing of the ramps needs`, {
      where: keyword,
    });
  return value;
}

function timingOf(ramp: RampModel): RampTiming {
  const { exposure } = ramp.meta;
  return {
    frameTime: number(exposure.frame_time, "TFRAME"),
    groupTime: number(exposure.group_time, "TGROUP"),
    nframes: number(exposure.nframes, "NFRAMES"),
    groupgap: number(exposure.groupgap, "GROUPGAP"),
    dropFrames1: exposure.drop_frames1,
  };
}

function rampData(ramp: RampModel): RampData {
  const [nints, ngroups, nrows, ncols] = ramp.data.shape;
  return {
    nints,
    ngroups,
    nrows,
    ncols,
    data: ramp.data.flat(),
    groupdq: ramp.groupdq.flat(),
    pixeldq: ramp.pixeldq.flat(),
    averageDark: ramp.hasArray("average_dark_current") ? ramp.average_dark_current.flat() : undefined,
    zeroframe: ramp.hasArray("zeroframe") ? ramp.zeroframe.flat() : undefined,
  };
}

/** Times of the reads of each group where the exposure lists them: for ramps that are not evenly sampled. */
function readTimesOf(ramp: RampModel): number[][] | undefined {
  const times = ramp.meta.exposure.read_times;
  if (times === undefined || times.length === 0) return undefined;
  return times.map((group) => (Array.isArray(group) ? group.map(Number) : [Number(group)]));
}

/** Progress in rows. */
function rows(ctx: Context, label: string, nrows: number): (done: number) => void {
  let last = 0;
  ctx.progress.start(nrows, label);
  return (done) => {
    ctx.progress.advance(done - last);
    last = done;
  };
}

/** Least squares; undefined when no ramp can be fitted. */
async function leastSquares(work: Work): Promise<Rates | undefined> {
  const { ramp, data, timing, gain, readnoise, ctx } = work;
  const { nints, ngroups, nrows, ncols, groupdq } = data;
  const npix = nrows * ncols;
  // A ramp that is one group long all over has nothing that could be suppressed.
  const suppressOneGroup = ctx.params.suppress_one_group && ngroups > 1;
  let groups: GroupRange | undefined;
  if (ramp.meta.instrument.name === "MIRI" && ngroups > 1) {
    const usable = usableGroups(groupdq, nints, ngroups, npix, suppressOneGroup);
    if (usable.empty !== undefined) {
      if (usable.empty === "all-flagged")
        ctx.log.error("every group of every pixel is DO_NOT_USE: nothing can be fitted");
      else ctx.log.warn("MIRI ramps need at least two usable groups: nothing is fitted");
      return undefined;
    }
    groups = usable;
    ctx.log.info(`using groups ${usable.first} to ${usable.end - 1} of ${ngroups}`);
  }
  if (allSaturated(groupdq, nints, ngroups, npix, groups?.first ?? 0)) {
    ctx.log.warn("all ramps of all integrations are saturated: nothing is fitted");
    return undefined;
  }
  const { signal, executor } = ctx;
  const { rate, rateints, segments } = await fitOls(
    {
      ramp: data,
      timing,
      groups,
      gain,
      readnoise,
      suppressOneGroup,
    },
    { segments: ctx.params.save_opt, consume: true, executor, signal, onRows: rows(ctx, "fitting ramps", nrows) },
  );
  if (segments !== undefined)
    await ctx.saveModel(segmentsModel(ramp, segments), { suffix: "fitopt", name: optionalName(work) });
  return { rate, rateints };
}

async function likelihood(work: Work, readTimes: number[][] | undefined): Promise<Rates> {
  const { ramp, data, timing, gain, readnoise, ctx } = work;
  const { signal, executor } = ctx;
  const { rate, rateints, chisq } = await fitLikelihood({
    ramp: data,
    timing,
    readTimes,
    gain,
    readnoise,
    chisq: ctx.params.save_opt,
    executor,
    signal,
    onRows: rows(ctx, "fitting ramps", data.nrows),
  });
  if (ctx.params.save_opt)
    await ctx.saveModel(chisqModel(ramp, chisq), { suffix: "likely_chisq", name: optionalName(work) });
  return { rate, rateints };
}

const optionalName = ({ ramp, ctx }: Work): string | undefined => ctx.params.opt_name || ramp.meta.filename;

/** Fit the ramps. The result is the rate over the exposure and the rates per integration, or nothing when nothing can be fitted. */
export const process: ProcessOf<typeof RampFitStep> = async (ramp, ctx): Promise<Model[]> => {
  const { params, refs, log } = ctx;
  await ramp.load("data", "groupdq", "pixeldq", "zeroframe");
  const [, ngroups, ny, nx] = ramp.data.shape;
  const nints = ramp.data.shape[0];
  const readTimes = readTimesOf(ramp);
  warnUnused(RampFitStep, params, ["int_name"], log);
  let { algorithm } = params;
  if (readTimes !== undefined && algorithm !== "LIKELY") {
    log.warn("the exposure is not evenly sampled: using the likelihood algorithm");
    algorithm = "LIKELY";
  }
  if (algorithm === "LIKELY" && ngroups < LIKELIHOOD_MIN_GROUPS) {
    log.info(`a likelihood fit needs ${LIKELIHOOD_MIN_GROUPS} groups and there are ${ngroups}: using least squares`);
    algorithm = "OLS_C";
  }
  log.info(`algorithm ${algorithm}`);
  // Kept for gain_scale, which then need not open the reference again.
  const factor = refs.gain.meta.exposure.gain_factor;
  if (factor !== undefined) ramp.meta.exposure.gain_factor = factor;
  const gain = referenceCutter(ramp, refs.gain, log)(refs.gain.data);
  const readnoise = referenceCutter(ramp, refs.readnoise, log)(refs.readnoise.data);
  for (const [name, array] of [
    ["gain", gain],
    ["readnoise", readnoise],
  ] as const)
    if (array.shape.length !== 2 || array.shape[0] !== ny || array.shape[1] !== nx)
      throw new ValidationError(`the ${name} reference has [${array.shape}] pixels, the exposure [${ny},${nx}]`, {
        where: name,
      });

  const limits = groupLimits(params.firstgroup, params.lastgroup, ngroups, (message) => log.warn(message));
  const data = rampData(ramp);
  if (limits !== undefined) excludeGroups(data.groupdq, nints, ngroups, ny * nx, limits.first, limits.last);

  const work: Work = { ramp, data, timing: timingOf(ramp), gain: gain.flat(), readnoise: readnoise.flat(), ctx };
  const rates = algorithm === "LIKELY" ? await likelihood(work, readTimes) : await leastSquares(work);
  if (rates === undefined) return [];
  return [rateModel(ramp, rates.rate, [ny, nx]), rateintsModel(ramp, rates.rateints, [nints, ny, nx])];
};
