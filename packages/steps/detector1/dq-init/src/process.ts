import { NdArray, ndarray, splitRange } from "@calwebb/array";
import type { GuiderRawModel, Model, RampModel, SuperstripeRampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import type { Logger, ProcessOf, StepContext } from "@calwebb/stpipe";
import { applyMaskTask, combineMask, toFlags } from "./kernel.js";
import type { DQInitStep } from "./step.js";

/** Fewer pixels are not worth a worker. */
const SMALLEST_PIECE = 1 << 17;

type Ramp = RampModel | SuperstripeRampModel | GuiderRawModel;

const isGuider = (model: Ramp): model is GuiderRawModel => model.modelType === "GuiderRawModel";

/** OR the mask into PIXELDQ and its DO_NOT_USE into GROUPDQ (into DQ for guider exposures), in place. */
export const process: ProcessOf<typeof DQInitStep> = async (model, context) => {
  const { params, refs, log, executor, signal } = context;
  await model.load("data");
  makeFlags(model, log);
  const mask = referenceCutter(model, refs.mask, log)(refs.mask.dq);
  let flags = mask.flat();
  if (params.user_supplied_dq !== null) {
    log.info(`adding the flags of ${params.user_supplied_dq}`);
    flags = flags.slice();
    combineMask(flags, await userFlags(params.user_supplied_dq, mask.shape, context));
  }
  const target = isGuider(model) ? model.dq : model.pixeldq;
  if (target.size !== flags.length || target.shape.at(-1) !== mask.shape.at(-1))
    throw new ValidationError(`the mask has [${mask.shape}] pixels, the exposure [${target.shape}]`, {
      where: "mask",
      got: `[${mask.shape}]`,
      wanted: `[${target.shape}]`,
    });
  const [, ngroups, ny, nx] = model.data.shape;
  const args = {
    dq: target.flat(),
    mask: flags,
    groupdq: isGuider(model) ? null : model.groupdq.flat(),
    size: ny * nx,
    ngroups,
  };
  const piece = Math.max(SMALLEST_PIECE, Math.ceil((ny * nx) / executor.workers / 2));
  const pieces = splitRange(ny * nx, piece).map(([start, end]) => ({ ...args, start, end }));
  await executor.run(applyMaskTask, pieces, { signal });
  return model;
};

/** Flag arrays that are missing, or do not fit the data, are made anew. */
function makeFlags(model: Ramp, log: Logger): void {
  const shape = model.data.shape;
  const plane = shape.slice(-2);
  if (isGuider(model)) {
    if (!same(model.dq.shape, plane)) {
      log.warn("setting the DQ array to zeros");
      model.dq = ndarray("uint32", plane);
    } else if (!model.dq.contiguous) model.dq = model.dq.copy();
    return;
  }
  const stripes = model.meta.subarray.num_superstripe ?? 0;
  const wanted = model.modelType === "SuperstripeRampModel" && stripes > 0 ? [stripes, ...plane] : plane;
  if (!same(model.pixeldq.shape, wanted)) {
    log.warn("setting the PIXELDQ array to zeros");
    model.pixeldq = ndarray("uint32", wanted);
  } else if (!model.pixeldq.contiguous) model.pixeldq = model.pixeldq.copy();
  if (!same(model.groupdq.shape, shape)) {
    log.warn("setting the GROUPDQ array to zeros");
    model.groupdq = ndarray("uint8", shape);
  } else if (!model.groupdq.contiguous) model.groupdq = model.groupdq.copy();
}

const same = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((n, i) => n === b[i]);

/** The first image of a file, whatever it is called. */
async function userFlags(
  path: string,
  shape: readonly number[],
  context: Pick<StepContext, "openModel">,
): Promise<Uint32Array> {
  // Opened as the class without arrays of its own, every HDU is an extra one.
  const file: Model = await context.openModel(path, { model: "JwstDataModel" });
  await file.load();
  const image = Object.values(file.extraFits)
    .map((hdu) => hdu.data)
    .find((data): data is NdArray => data instanceof NdArray || (isObject(data) && "stride" in data));
  if (image === undefined) throw new ValidationError(`${path} holds no image`, { file: path });
  if (!same(image.shape, shape))
    throw new ValidationError(`${path} has flags for [${image.shape}] pixels; wanted [${shape}]`, {
      file: path,
      got: `[${image.shape}]`,
      wanted: `[${shape}]`,
    });
  return toFlags(image.flat());
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
