import { allocate, NdArray } from "@calwebb/array";
import { type Model, type RampModel, readPlanes } from "@calwebb/datamodels";
import type { PipelineContext } from "@calwebb/stpipe";
import { type RampShape, release } from "./memory.js";
import type { RampStepName } from "./order.js";
import type { Detector1Steps, Detector1Types } from "./pipeline.js";
import { Spill } from "./spill.js";

export type Context = PipelineContext<Detector1Types["params"], Detector1Steps>;

/** Arrays with a plane or more for each integration. */
const PER_INTEGRATION = ["data", "groupdq", "zeroframe", "refout"] as const;

/** An exposure calibrated up to the search for jumps, its ramps put aside. */
export interface Prepared {
  spill: Spill;
  /** Metadata and tables of the exposure, without arrays except those below. */
  template: RampModel;
  pixeldq: Uint32Array;
  averageDark: Float32Array | undefined;
  zeroframe: Float32Array | undefined;
}

/** Integrations start .. end-1 as a segment of the exposure: a model of its own that says which integrations it has. */
export async function segment(input: RampModel, start: number, end: number): Promise<RampModel> {
  const part = input.cloneShallow();
  for (const name of PER_INTEGRATION)
    if (input.hasArray(name)) part.set(name, await readPlanes(input, name, start, end));
  if (input.hasArray("pixeldq")) {
    await input.load("pixeldq");
    part.pixeldq = input.pixeldq.copy();
  }
  // For steps to which the place in the exposure matters beyond what the metadata of a real segment say.
  if (start > 0) part.tree["continues"] = start;
  const first = input.meta.exposure.integration_start ?? 1;
  part.meta.exposure.integration_start = first + start;
  part.meta.exposure.integration_end = first + end - 1;
  return part;
}

function shapeOf(ramp: RampModel, nints: number): RampShape {
  const [, ngroups, nrows, ncols] = ramp.data.shape;
  return { nints, ngroups, nrows, ncols };
}

/** What stays of the exposure when its ramps are put aside. */
function templateOf(ramp: RampModel, input: RampModel): RampModel {
  const template = ramp.cloneShallow();
  for (const name of [...PER_INTEGRATION, "pixeldq", "average_dark_current"]) template.delete(name);
  const { integration_start, integration_end } = input.meta.exposure;
  for (const [name, value] of Object.entries({ integration_start, integration_end }))
    if (value === undefined) template.delete(`meta.exposure.${name}`);
    else template.set(`meta.exposure.${name}`, value);
  return template;
}

/** Numbers of pixels that rscd keeps as they are; a pixel that is in several pieces is counted in each. */
const COUNTS = ["meta.rscd.keep_bright_firstgroup_int2p", "meta.rscd.keep_groups_saturation_int2p"] as const;

/** Bring what a further segment says about itself into the metadata of the exposure. */
function mergeMeta(template: RampModel, ramp: RampModel): void {
  for (const [path, value] of ramp.items()) {
    // A step that worked on any segment has worked on the exposure.
    if (path.startsWith("meta.cal_step.") && value === "COMPLETE") template.set(path, value);
    if ((COUNTS as readonly string[]).includes(path))
      template.set(path, Number(template.get(path) ?? 0) + Number(value));
  }
}

/** Run the steps of `order` segment by segment, `ints` integrations at a time, and put the ramps aside. */
export async function calibrateIntegrations(
  input: RampModel,
  nints: number,
  ints: number,
  order: readonly RampStepName[],
  ctx: Context,
): Promise<Prepared> {
  let prepared: Prepared | undefined;
  try {
    for (let start = 0; start < nints; start += ints) {
      const end = Math.min(nints, start + ints);
      ctx.log.info(`integrations ${start + 1} to ${end} of ${nints}`);
      let model: Model = await segment(input, start, end);
      for (const alias of order) {
        model = (await ctx.run[alias](model)) as Model;
        release();
      }
      const ramp = model as RampModel;
      if (prepared === undefined) {
        const shape = shapeOf(ramp, nints);
        prepared = {
          spill: new Spill(shape, await ctx.scratch(), await ctx.scratch()),
          template: templateOf(ramp, input),
          pixeldq: ramp.pixeldq.flat().slice(),
          averageDark: ramp.hasArray("average_dark_current") ? ramp.average_dark_current.flat() : undefined,
          zeroframe: ramp.hasArray("zeroframe") ? allocate("float32", nints * shape.nrows * shape.ncols) : undefined,
        };
      } else mergeMeta(prepared.template, ramp);
      const { pixeldq } = prepared;
      const flags = ramp.pixeldq.flat();
      for (let p = 0; p < pixeldq.length; p++) pixeldq[p] |= flags[p];
      if (prepared.zeroframe !== undefined) prepared.zeroframe.set(ramp.zeroframe.flat(), start * pixeldq.length);
      await prepared.spill.put(start, ramp.data.flat(), ramp.groupdq.flat());
      release();
    }
  } catch (error) {
    await prepared?.spill.close();
    throw error;
  }
  return prepared as Prepared;
}

/** A view of some rows of planes of an exposure as an array of a model. */
export function rowsOf<T extends Float32Array | Uint32Array>(
  planes: T,
  shape: RampShape,
  from: number,
  to: number,
): NdArray<T> {
  const { nrows, ncols } = shape;
  const count = planes.length / (nrows * ncols);
  const all = new NdArray(planes, [count, nrows, ncols]);
  return all.hi(count, to).lo(0, from).copy();
}
