import { allocate } from "@calwebb/array";
import type { CubeModel, ImageModel, RampModel } from "@calwebb/datamodels";
import {
  asDraft,
  combineMasks,
  fitDraftRate,
  hasNirspecScene,
  intermediateModel,
  type NirspecScene,
  nirspecScene,
  sceneMask,
} from "@calwebb/draft-rate";
import { ValidationError } from "@calwebb/errors";
import type { ProcessOf } from "@calwebb/stpipe";
import { correctTask, findRegions, medianAt } from "./kernel.js";
import type { PictureFrameStep } from "./step.js";

type Input = RampModel | ImageModel | CubeModel;

/** Subtract the picture frame, in place. */
export const process: ProcessOf<typeof PictureFrameStep> = async (model, ctx) => {
  const input = model as Input;
  const { params, refs, log, executor, signal, progress } = ctx;
  const { instrument, subarray, exposure } = input.meta;
  if ((instrument.name ?? "").toUpperCase() !== "NIRSPEC" || (subarray.name ?? "").toUpperCase() !== "FULL")
    return { skip: "the picture frame is a matter of NIRSpec full frames" };
  await input.load();
  const shape = input.data.shape;
  const ramp = shape.length === 4;
  const [ny, nx] = shape.slice(-2);
  const npix = ny * nx;
  const nints = shape.length > 2 ? shape[0] : 1;
  const ngroups = ramp ? shape[1] : 1;
  if (ramp && ngroups === 1) return { skip: "ramps of one group cannot be corrected" };
  const frame = refs.pictureframe.data.flat();
  if (frame.length !== npix)
    throw new ValidationError(`the picture frame has ${frame.length} pixels, the exposure ${ny} x ${nx}`, {
      where: "pictureframe",
    });

  let rate = ramp ? await fitDraftRate(input as RampModel, ctx, false) : asDraft(input as ImageModel | CubeModel);
  let { mask_science_regions: scienceRegions } = params;
  let scene: NirspecScene | undefined;
  if (scienceRegions && hasNirspecScene(input)) {
    const found = await nirspecScene(rate, ctx, true);
    if (found === "no shutters")
      return { skip: "the open shutters are not known, so that science cannot be left out", status: "FAILED" };
    if (found === "no data") {
      log.warn("no spectrum falls on the detector: mask_science_regions is set to False");
      scienceRegions = false;
    } else {
      scene = found;
      rate = found.rate;
    }
  }
  const all = sceneMask(rate, {
    exposureType: exposure.type ?? "",
    scienceRegions,
    science: scene?.science,
    fixedSlits: scene?.fixedSlits,
    sigma: params.n_sigma,
    fitHistogram: false,
  });
  const mask = combineMasks(all, rate.nplanes, npix);
  const regions = findRegions(mask, ny, nx);
  const like = rate.model;
  if (params.save_mask) await ctx.saveModel(intermediateModel(like, mask, [ny, nx]), { suffix: "pctfrm_mask" });
  if (regions.centre.length === 0 || regions.edge.length === 0)
    return { skip: "there is no background in the centre or in the frame to scale the picture frame to" };

  const data = input.data.flat();
  const before = params.save_correction ? data.slice() : null;
  const shared = {
    data,
    npix,
    frame,
    frameCentre: medianAt(frame, regions.centre),
    frameEdge: medianAt(frame, regions.edge),
    regions,
  };
  const pieces = [];
  for (let i = 0; i < nints; i++)
    for (let g = ramp ? 1 : 0; g < ngroups; g++)
      pieces.push({ ...shared, plane: i * ngroups + g, zero: ramp ? i * ngroups : -1 });
  log.info("scaling the picture frame to each image");
  progress.start(pieces.length, "picture frame");
  await executor.run(correctTask, pieces, { signal, onDone: () => progress.advance() });
  if (before !== null) {
    const change = allocate("float32", data.length);
    for (let p = 0; p < data.length; p++) change[p] = data[p] - before[p];
    await ctx.saveModel(intermediateModel(input, change, shape), { suffix: "pctfrm_correction" });
  }
  return input;
};
