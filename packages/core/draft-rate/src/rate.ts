import { NdArray } from "@calwebb/array";
import { type CubeModel, createModel, type ImageModel, type RampModel } from "@calwebb/datamodels";
import { ReferenceNotFound, ValidationError } from "@calwebb/errors";
import { allSaturated, fitOls, type GroupRange, usableGroups } from "@calwebb/ramp";
import { referenceCutter } from "@calwebb/readout";
import type { StepContext } from "@calwebb/stpipe";

/** Count rates of the exposure (one plane) or of its integrations. */
export interface DraftRate {
  /** Planes of ny * nx [DN/s]. */
  data: Float32Array;
  dq: Uint32Array;
  nplanes: number;
  ny: number;
  nx: number;
  /** The same as a model, for products. */
  model: ImageModel | CubeModel;
}

type Context = Pick<StepContext, "findReference" | "refNames" | "log" | "executor" | "signal">;

interface Found {
  data: Float32Array;
  /** Name as headers carry it. */
  name: string;
  factor: number | undefined;
}

async function reference(ramp: RampModel, ctx: Context, type: "gain" | "readnoise"): Promise<Found> {
  const model = await ctx.findReference(type, { record: false });
  if (model === undefined)
    throw new ReferenceNotFound(`the draft count rate needs a ${type} reference, and there is none`, { where: type });
  return {
    data: referenceCutter(ramp, model, ctx.log)(model.data).flat(),
    name: `crds://${(ctx.refNames[type] ?? "").split("/").pop()}`,
    factor: type === "gain" ? (model.get("meta.exposure.gain_factor") as number | undefined) : undefined,
  };
}

function needed(value: number | undefined, keyword: string): number {
  if (value === undefined || !Number.isFinite(value))
    throw new ValidationError(`the exposure has no ${keyword}, which the draft count rate needs`, { where: keyword });
  return value;
}

/** Groups to fit; undefined when nothing can be. */
function usable(ramp: RampModel, flags: Uint8Array, npix: number): GroupRange | undefined {
  const [nints, ngroups] = ramp.data.shape;
  let groups: GroupRange = { first: 0, end: ngroups };
  if (ramp.meta.instrument.name === "MIRI" && ngroups > 1) {
    const found = usableGroups(flags, nints, ngroups, npix, true);
    if (found.empty !== undefined) return undefined;
    groups = found;
  }
  return allSaturated(flags, nints, ngroups, npix, groups.first) ? undefined : groups;
}

/**
 * Fit a draft count rate with the defaults of the ramp fit. The ramp is not modified.
 * @param perIntegration - one plane per integration instead of one for the exposure
 * @throws {ReferenceNotFound} without gain or read noise; {ValidationError} when no ramp can be fitted
 */
export async function fitDraftRate(ramp: RampModel, ctx: Context, perIntegration: boolean): Promise<DraftRate> {
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const { exposure } = ramp.meta;
  const nframes = needed(exposure.nframes, "NFRAMES");
  const timing = {
    frameTime: needed(exposure.frame_time, "TFRAME"),
    groupTime: needed(exposure.group_time, "TGROUP"),
    nframes,
    groupgap: needed(exposure.groupgap, "GROUPGAP"),
    dropFrames1: exposure.drop_frames1,
  };
  const gain = await reference(ramp, ctx, "gain");
  const readnoise = await reference(ramp, ctx, "readnoise");
  const groupdq = ramp.groupdq.flat();
  const groups = usable(ramp, groupdq, ny * nx);
  if (groups === undefined) throw new ValidationError("no ramp can be fitted, so there is no draft count rate");
  ctx.log.info("fitting a draft count rate to see the scene");
  const fit = await fitOls(
    {
      ramp: {
        nints,
        ngroups,
        nrows: ny,
        ncols: nx,
        data: ramp.data.flat(),
        groupdq,
        pixeldq: ramp.pixeldq.flat(),
        averageDark: ramp.hasArray("average_dark_current") ? ramp.average_dark_current.flat() : undefined,
        zeroframe: ramp.hasArray("zeroframe") ? ramp.zeroframe.flat() : undefined,
      },
      timing,
      groups,
      gain: gain.data,
      readnoise: readnoise.data,
      suppressOneGroup: ngroups > 1,
    },
    { executor: ctx.executor, signal: ctx.signal },
  );
  const planes = perIntegration ? fit.rateints : fit.rate;
  const shape = perIntegration ? [nints, ny, nx] : [ny, nx];
  const model = createModel(perIntegration ? "CubeModel" : "ImageModel", {
    data: new NdArray(planes.slope, shape),
    dq: new NdArray(planes.dq, shape),
  }) as ImageModel | CubeModel;
  model.update(ramp);
  model.meta.bunit_data = "DN/s";
  model.meta.bunit_err = "DN/s";
  model.meta.cal_step.ramp_fit = "COMPLETE";
  if (gain.factor !== undefined) model.meta.exposure.gain_factor = gain.factor;
  model.set("meta.ref_file.gain.name", gain.name);
  model.set("meta.ref_file.readnoise.name", readnoise.name);
  return { data: planes.slope, dq: planes.dq, nplanes: perIntegration ? nints : 1, ny, nx, model };
}

/** A rate model as its own draft; the arrays are those of the model. */
export function asDraft(model: ImageModel | CubeModel): DraftRate {
  const shape = model.data.shape;
  const [ny, nx] = shape.slice(-2);
  return {
    data: model.data.flat(),
    dq: model.dq.flat(),
    nplanes: shape.length === 3 ? shape[0] : 1,
    ny,
    nx,
    model,
  };
}
