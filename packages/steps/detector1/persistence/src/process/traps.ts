import { allocate, NdArray } from "@calwebb/array";
import {
  createModel,
  type PersistenceSatModel,
  type TrapDensityModel,
  type TrapsFilledModel,
} from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { ValidationError } from "@calwebb/errors";
import { type ReferenceCutter, referenceCutter } from "@calwebb/readout";
import type { ProcessOf } from "@calwebb/stpipe";
import { decayTraps, followTrapsTask, type TrapFamily } from "../kernel.js";
import type { PersistenceStep } from "../step.js";

type Ramp = Parameters<ProcessOf<typeof PersistenceStep>>[0];
type Context = Parameters<ProcessOf<typeof PersistenceStep>>[1];

/** The trap families of the reference, one per row. */
function familiesOf(ctx: Context): TrapFamily[] {
  const table = ctx.refs.trappars?.trappars_table;
  if (table === undefined || table.nrows === 0)
    throw new ValidationError("the TRAPPARS reference lists no trap families", { where: "trappars_table" });
  const value = (name: string, i: number) => Number(table.cell(name, i));
  return Array.from({ length: table.nrows }, (_, i) => ({
    capture0: value("capture0", i),
    capture1: value("capture1", i),
    capture2: value("capture2", i),
    decay: value("decay_param", i),
  }));
}

/** An image of a reference at the exposure's pixels, with replacements for NaN and for DO_NOT_USE pixels. */
function image(
  reference: TrapDensityModel | PersistenceSatModel,
  cut: ReferenceCutter,
  forNaN: number,
  forBad: number,
): Float32Array {
  const values = cut(reference.data).flat().slice();
  const dq = cut(reference.dq).flat();
  for (let i = 0; i < values.length; i++) {
    if ((dq[i] & pixel.DO_NOT_USE) !== 0) values[i] = forBad;
    else if (Number.isNaN(values[i])) values[i] = forNaN;
  }
  return values;
}

/** Traps filled at the start of the exposure, for the whole detector [families][ny][nx]. */
async function startState(
  ramp: Ramp,
  families: TrapFamily[],
  like: TrapDensityModel,
  ctx: Context,
): Promise<NdArray<Float32Array>> {
  const [ny, nx] = like.data.shape;
  const shape = [families.length, ny, nx];
  const name = ctx.params.input_trapsfilled;
  if (name === null || name === "") return new NdArray(allocate("float32", families.length * ny * nx), shape);
  const before = await ctx.openModel(name, { model: "TrapsFilledModel" });
  await before.load();
  if (before.data.shape.join() !== shape.join())
    throw new ValidationError(`${name} holds ${before.data.shape.join(" x ")} values, wanted ${shape.join(" x ")}`, {
      file: name,
      got: before.data.shape.join(" x "),
      wanted: shape.join(" x "),
    });
  const state = before.data.copy();
  const filled = state.data;
  for (let i = 0; i < filled.length; i++) if (Number.isNaN(filled[i])) filled[i] = 0;
  const ended = before.meta.exposure.end_time;
  const starts = ramp.meta.exposure.start_time;
  if (ended === undefined || starts === undefined)
    throw new ValidationError("EXPEND of the traps-filled file and EXPSTART of the exposure are needed");
  const gap = (starts - ended) * 86400;
  if (gap < 0) ctx.log.warn(`${name} ends ${-gap} s after the exposure starts; no decay in between`);
  else decayTraps(filled, families, ny * nx, gap);
  return state;
}

/** Where a subarray lies in the traps of the whole detector: index of each of its pixels. */
function placeOf(ramp: Ramp, reference: TrapDensityModel, cut: ReferenceCutter): Int32Array {
  const index = new Int32Array(reference.data.size);
  for (let i = 0; i < index.length; i++) index[i] = i;
  const [ny, nx] = ramp.data.shape.slice(-2);
  const place = cut(new NdArray(index, reference.data.shape)).flat();
  if (place.length !== ny * nx)
    throw new ValidationError(`the trap density has ${place.length} pixels for an exposure of ${ny} x ${nx}`);
  return place;
}

/** Subtract the charge that traps release, and save the traps that are filled at the end. */
export async function correctTraps(ramp: Ramp, ctx: Context): Promise<Ramp | { skip: string }> {
  const { refs, params } = ctx;
  const { trapdensity, persat, trappars } = refs;
  if (trapdensity === undefined || persat === undefined || trappars === undefined)
    return { skip: "the trap model needs TRAPDENSITY, PERSAT and TRAPPARS references, and one does not apply" };
  await ramp.load("data", "groupdq", "pixeldq");
  const families = familiesOf(ctx);
  const { exposure, instrument } = ramp.meta;
  const { group_time, frame_time } = exposure;
  if (group_time === undefined || frame_time === undefined)
    throw new ValidationError("the exposure lacks the TGROUP or TFRAME keyword", { where: "TGROUP" });
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const npix = ny * nx;
  const cut = referenceCutter(ramp, trapdensity, ctx.log);
  const state = await startState(ramp, families, trapdensity, ctx);
  const place = placeOf(ramp, trapdensity, cut);
  const whole = trapdensity.data.size;
  const resets = instrument.name === "MIRI" ? 0 : 1;
  const resetsBetween = exposure.nresets_between_ints ?? resets;
  const filled = allocate("float32", families.length * npix);
  for (let k = 0; k < families.length; k++)
    for (let p = 0; p < npix; p++) filled[k * npix + p] = state.data[k * whole + place[p]];
  const keep = params.save_persistence !== null && !/^(|none|false|no|off|0)$/i.test(params.save_persistence);
  const subtracted = keep ? allocate("float32", nints * ngroups * npix) : null;
  await ctx.executor.run(
    followTrapsTask,
    [
      {
        data: ramp.data.flat(),
        groupdq: ramp.groupdq.flat(),
        pixeldq: ramp.pixeldq.flat(),
        subtracted,
        filled,
        density: image(trapdensity, cut, 0, 0),
        fullWell: image(persat, referenceCutter(ramp, persat, ctx.log), 1e7, 0),
        families,
        nints,
        ngroups,
        npix,
        frameTime: frame_time,
        groupTime: group_time,
        resetsAtStart: exposure.nresets_at_start ?? resets,
        resetsBetween,
        cutoff: params.flag_pers_cutoff,
      },
    ],
    { signal: ctx.signal },
  );
  // Pixels outside a subarray only decay.
  decayTraps(state.data, families, whole, nints * ngroups * group_time + (nints - 1) * resetsBetween * frame_time);
  for (let k = 0; k < families.length; k++)
    for (let p = 0; p < npix; p++) state.data[k * whole + place[p]] = filled[k * npix + p];
  await saveState(ramp, state, ctx);
  if (subtracted !== null) {
    const product = createModel("RampModel", { data: new NdArray(subtracted, ramp.data.shape) });
    product.update(ramp);
    await ctx.saveModel(product, { suffix: "output_pers" });
  }
  return ramp;
}

async function saveState(ramp: Ramp, state: NdArray<Float32Array>, ctx: Context): Promise<void> {
  const product: TrapsFilledModel = createModel("TrapsFilledModel", { data: state });
  product.update(ramp, { only: "PRIMARY" });
  // The state is that of the whole detector, whatever part of it the exposure read.
  const { subarray } = product.meta;
  subarray.xstart = 1;
  subarray.ystart = 1;
  subarray.ysize = state.shape[1];
  subarray.xsize = state.shape[2];
  await ctx.saveModel(product, { suffix: "trapsfilled" });
}
