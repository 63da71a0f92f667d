import { type NdArray, ndarray } from "@calwebb/array";
import type { FlatModel, Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import {
  applyFlat,
  cleanFlat,
  combineErrors,
  flatVariance,
  matchInvalid,
  orPlanes,
  scaleVariance,
  squared,
} from "./kernel.js";
import type { FlatFieldStep } from "./step.js";

type Floats = NdArray<Float32Array>;

/** What the arithmetic needs of an image, a cube or a slit. */
interface Science {
  hasArray(name: string): boolean;
  data: Floats;
  err: Floats;
  dq: NdArray<Uint32Array>;
  var_poisson?: Floats;
  var_rnoise?: Floats;
  var_flat?: Floats;
}

/** The flat at the pixels of the exposure. */
interface Cut {
  data: Float32Array;
  dq: Uint32Array;
  err: Float32Array;
}

/** Cut and clean the flat. A flat that fits as it is gets changed itself, so that saving it shows what was applied. */
function usableFlat(science: Model, flat: FlatModel, log: Logger): Cut {
  const cut = referenceCutter(science, flat, log);
  const usable = { data: cut(flat.data).flat(), dq: cut(flat.dq).flat(), err: cut(flat.err).flat() };
  cleanFlat(usable.data, usable.dq);
  return usable;
}

/** A variance that the errors of the result follow from. @throws {ValidationError} when the exposure lacks it */
function variance(science: Science, name: "var_poisson" | "var_rnoise"): Floats {
  const values = science.hasArray(name) ? science[name] : undefined;
  if (values !== undefined) return values;
  throw new ValidationError(`the exposure has no ${name.toUpperCase()}, which the errors of the result follow from`, {
    where: name.toUpperCase(),
  });
}

/** Correct one image, cube or slit, in place. */
function correct(science: Science, flat: Cut, inverse: boolean, guider: boolean): void {
  const data = science.data.flat();
  applyFlat(data, flat.data, inverse);
  const fromFlat = ndarray("float32", science.data.shape);
  if (!inverse) flatVariance(data, flat.data, flat.err, fromFlat.data);
  if (guider) {
    if (!inverse) combineErrors([squared(science.err.flat()), fromFlat.data], science.err.flat());
  } else {
    science.var_flat = fromFlat;
    const poisson = variance(science, "var_poisson").flat();
    const readout = variance(science, "var_rnoise").flat();
    scaleVariance(poisson, flat.data, inverse);
    scaleVariance(readout, flat.data, inverse);
    const err = ndarray("float32", science.data.shape);
    combineErrors(inverse ? [poisson, readout] : [poisson, readout, fromFlat.data], err.data);
    science.err = err;
  }
  const dq = science.dq.flat();
  orPlanes(dq, flat.dq);
  const invalid = [data, science.err.flat()];
  if (!guider)
    for (const name of ["var_rnoise", "var_poisson", "var_flat"] as const)
      invalid.push((science[name] as Floats).flat());
  matchInvalid(
    invalid.filter((a) => a.length === data.length),
    // A guider cube has one plane of flags, which says nothing about single images, not even when there is only one.
    science.dq.shape.length === science.data.shape.length && dq.length === data.length ? dq : null,
  );
}

/** Divide a model by the flat, in place. */
export const process: ProcessOf<typeof FlatFieldStep> = async (science, ctx) => {
  const { params, log } = ctx;
  if (science.meta.exposure.type === undefined)
    throw new ValidationError("the exposure does not say its type (EXP_TYPE)", { where: "EXP_TYPE" });
  await science.load();
  let flat: FlatModel | undefined = ctx.refs.flat;
  if (params.user_supplied_flat !== null) {
    flat = await ctx.openModel(params.user_supplied_flat, { model: "FlatModel" });
    await flat.load();
    // Recorded as the FLAT reference of the result.
    science.set("meta.ref_file.flat.name", flat.meta.filename);
  }
  if (flat === undefined) return { skip: "no flat applies" };
  // Both the reference and a fitting flat would be changed; the caller's stays as it is.
  const own = flat.clone();
  const slits =
    science.modelType === "MultiSlitModel" ? (science as unknown as { slits: Iterable<Science & Model> }).slits : null;
  const image = science as unknown as Science & Model;
  if (slits === null) {
    const [ny, nx] = image.data.shape.slice(-2);
    const [flatNy, flatNx] = own.data.shape.slice(-2);
    if (ny > flatNy || nx > flatNx) {
      if (params.save_interpolated_flat) await ctx.saveModel(own, { suffix: "interpolatedflat" });
      return { skip: `the flat of ${flatNy} x ${flatNx} pixels is smaller than the data of ${ny} x ${nx}` };
    }
    correct(image, usableFlat(image, own, log), params.inverse, science.modelType === "GuiderCalModel");
  } else
    for (const slit of slits)
      correct(slit, usableFlat(slitPlace(slit, science), own.clone(), log), params.inverse, false);
  if (params.save_interpolated_flat) await ctx.saveModel(own, { suffix: "interpolatedflat" });
  return science;
};

/** A slit keeps its position in members of its own. */
function slitPlace(slit: Science & Model, science: Model): Model {
  const at = slit as unknown as { xstart?: number; xsize?: number; ystart?: number; ysize?: number };
  const { xstart, xsize, ystart, ysize } = at;
  const subarray = { ...science.meta.subarray, xstart, xsize, ystart, ysize };
  return { meta: { instrument: science.meta.instrument, subarray }, shape: slit.data.shape } as unknown as Model;
}
