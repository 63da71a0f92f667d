import { NdArray } from "@calwebb/array";
import { createModel, type GainModel, type GuiderRawModel, type ReadnoiseModel } from "@calwebb/datamodels";
import { isCalwebbError, ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import type { Logger, ProcessOf } from "@calwebb/stpipe";
import { differenceRate, fineGuideRate, minimumRate } from "./kernel.js";
import type { GuiderCdsStep } from "./step.js";

const TABLES = [
  "planned_star_table",
  "flight_star_table",
  "pointing_table",
  "centroid_table",
  "track_sub_table",
] as const;

/**
 * The reference's image at the pixels of the exposure. Stacked identification images are mosaics that have no place on the
 * detector: the mean of the reference stands for every pixel.
 */
function pixelsOf(raw: GuiderRawModel, reference: GainModel | ReadnoiseModel, log: Logger): Float32Array {
  const [ny, nx] = raw.data.shape.slice(-2);
  try {
    const cut = referenceCutter(raw, reference, log)(reference.data);
    if (cut.shape[0] === ny && cut.shape[1] === nx) return cut.flat();
    throw new ValidationError(`the reference gives ${cut.shape.join(" x ")} pixels, the exposure has ${ny} x ${nx}`);
  } catch (error) {
    if (!isCalwebbError(error, "ValidationError") || !raw.meta.exposure.type?.includes("STACK")) throw error;
    if (raw.meta.subarray.xstart === undefined) throw error;
    const values = reference.data.flat();
    let sum = 0;
    for (const v of values) sum += v;
    log.debug(`${reference.modelType}: its mean is used for all pixels of the stacked image`);
    return new Float32Array(ny * nx).fill(sum / values.length);
  }
}

/** Turn the groups of a guider exposure into count rates: a new model. */
export const process: ProcessOf<typeof GuiderCdsStep> = async (raw, { refs, log }) => {
  await raw.load();
  const { exposure } = raw.meta;
  const type = exposure.type ?? "";
  const groupTime = exposure.group_time;
  if (groupTime === undefined) throw new ValidationError("the exposure has no TGROUP keyword", { where: "TGROUP" });
  const [nints, ngroups, ny, nx] = raw.data.shape;
  const args = {
    data: raw.data.flat(),
    nints,
    ngroups,
    npix: ny * nx,
    gain: pixelsOf(raw, refs.gain, log),
    readnoise: pixelsOf(raw, refs.readnoise, log),
    groupTime,
  };
  const rate =
    type === "FGS_FINEGUIDE"
      ? fineGuideRate(args)
      : type.startsWith("FGS_ID")
        ? minimumRate(args)
        : differenceRate(args);
  const shape = [rate.planes, ny, nx];
  const out = createModel("GuiderCalModel", {
    data: new NdArray(rate.data, shape),
    err: new NdArray(rate.err, shape),
    dq: raw.dq,
  });
  for (const name of TABLES) if (raw.hasTable(name)) out[name] = raw[name];
  out.update(raw);
  out.meta.bunit_data = "DN/s";
  return out;
};
