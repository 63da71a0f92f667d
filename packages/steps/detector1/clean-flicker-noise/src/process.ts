import { allocate, NdArray } from "@calwebb/array";
import type { CubeModel, ImageModel, RampModel } from "@calwebb/datamodels";
import {
  asDraft,
  combineMasks,
  type DraftRate,
  fitDraftRate,
  hasNirspecScene,
  intermediateModel,
  type NirspecScene,
  nirspecScene,
  sceneMask,
} from "@calwebb/draft-rate";
import { ValidationError } from "@calwebb/errors";
import type { ParamsOf, ProcessOf, Skip, StepContext } from "@calwebb/stpipe";
import { autoParameters } from "./auto.js";
import { addFlatFlags, flatPlane } from "./flat.js";
import { apertureFlux, hasApertureFlux } from "./flux.js";
import { cleanTask, relativeFlux, scaledMedian } from "./kernel.js";
import { chooseOptions, type Exposure, type Options, obstacle } from "./options.js";
import { traceMask } from "./soss.js";
import type { CleanFlickerNoiseStep } from "./step.js";

type Input = RampModel | ImageModel | CubeModel;
type Context = StepContext<ParamsOf<typeof CleanFlickerNoiseStep>, object>;

const failed = (reason: string): Skip => ({ skip: reason, status: "FAILED" });

/** Exposure types whose flux over time is that of a spectrum, which later steps extract. */
const FLUX_ELSEWHERE = ["NRS_BRIGHTOBJ", "NRC_TSGRISM", "NIS_SOSS"];

function text(value: string | undefined, keyword: string): string {
  if (value === undefined || value === null)
    throw new ValidationError(`the exposure has no ${keyword} keyword, which the step needs`, { where: keyword });
  return value;
}

function exposureOf(input: Input): Exposure {
  const { instrument, exposure, subarray } = input.meta;
  const type = text(exposure.type, "EXP_TYPE");
  const slowaxis = subarray.slowaxis;
  if (slowaxis === undefined && !type.startsWith("MIR"))
    throw new ValidationError("the exposure has no SLOWAXIS keyword, which the step needs", { where: "SLOWAXIS" });
  return {
    type,
    detector: text(instrument.detector, "DETECTOR").toUpperCase(),
    subarray: text(subarray.name, "SUBARRAY").toUpperCase(),
    slowaxis: slowaxis ?? 2,
  };
}

/** Sizes of a stack of images, groups or not. */
interface Stack {
  ramp: boolean;
  nints: number;
  ngroups: number;
  ny: number;
  nx: number;
}

function stackOf(input: Input): Stack {
  const shape = input.data.shape;
  const [ny, nx] = shape.slice(-2);
  return {
    ramp: shape.length === 4,
    nints: shape.length > 2 ? shape[0] : 1,
    ngroups: shape.length === 4 ? shape[1] : 1,
    ny,
    nx,
  };
}

/** The rate in which the scene is seen, and where the spectra of NIRSpec are in it; a text says why there is none. */
async function sceneRate(
  input: Input,
  ctx: Context,
  options: Options,
  exposure: Exposure,
): Promise<{ rate: DraftRate; spectra?: NirspecScene } | string> {
  let rate: DraftRate;
  if (input.modelType === "RampModel") rate = await fitDraftRate(input as RampModel, ctx, !options.singleMask);
  else {
    const own = asDraft(input as ImageModel | CubeModel);
    rate = { ...own, data: own.data.slice(), dq: own.dq.slice() };
  }
  const looked = ctx.params.mask_science_regions || options.medianImage;
  if (looked && exposure.type === "MIR_IMAGE") {
    const flat = await ctx.findReference("flat", { record: false });
    if (flat !== undefined) addFlatFlags(rate, input, flat, ctx.log);
  }
  if (!looked || !hasNirspecScene(input)) return { rate };
  const spectra = await nirspecScene(rate, ctx, WITH_SHUTTERS.includes(exposure.type));
  if (typeof spectra === "string")
    return `the exposure has no world coordinates, because ${spectra === "no data" ? "no spectrum falls on the detector" : "its open shutters are not known"}`;
  return { rate: spectra.rate, spectra };
}

/** Exposures whose light goes by the shutters, so that failed-open ones matter. */
const WITH_SHUTTERS: readonly string[] = ["NRS_IFU", "NRS_MSASPEC"];

/** Masks of the background, and how many planes they have. */
interface Masks {
  mask: Uint8Array;
  planes: number;
}

async function userMask(path: string, ctx: Context, stack: Stack): Promise<Masks | undefined> {
  const model = await ctx.openModel(path);
  await model.load();
  const array = (model as ImageModel).data;
  const shape = array.shape;
  const [my, mx] = shape.slice(-2);
  const planes = shape.length === 3 ? shape[0] : 1;
  if (my !== stack.ny || mx !== stack.nx || (shape.length === 3 && planes !== stack.nints)) return undefined;
  return { mask: Uint8Array.from(array.flat(), (v) => (v !== 0 ? 1 : 0)), planes: shape.length === 3 ? planes : 1 };
}

async function traces(input: Input, ctx: Context, exposure: Exposure): Promise<Uint8Array | undefined> {
  if (exposure.type !== "NIS_SOSS") return undefined;
  const reference = await ctx.findReference("pastasoss");
  if (reference === undefined) ctx.log.warn("no PASTASOSS reference file applies");
  if (!ctx.params.mask_science_regions) return undefined;
  if (reference === undefined)
    throw new ValidationError("mask_science_regions needs a pastasoss reference for NIS_SOSS, and there is none", {
      where: "mask_science_regions",
    });
  return traceMask(input, reference);
}

/** Fit and subtract 1/f noise, in place. */
export const process: ProcessOf<typeof CleanFlickerNoiseStep> = async (model, ctx) => {
  const input = model as Input;
  const { log, executor, signal, progress } = ctx;
  await input.load();
  const exposure = exposureOf(input);
  const stack = stackOf(input);
  const { ramp, nints, ngroups, ny, nx } = stack;
  const npix = ny * nx;
  const params = { ...ctx.params, ...(ctx.params.autoparam ? await autoParameters(input, ctx, exposure) : {}) };
  const flatModel = params.apply_flat_field ? await ctx.findReference("flat") : undefined;
  if (params.apply_flat_field && flatModel === undefined)
    log.warn(`there is no flat for EXP_TYPE ${exposure.type}: none is applied`);
  const science = await traces(input, ctx, exposure);
  const reason = obstacle(exposure.type, params.fit_method);
  if (reason !== undefined) return failed(reason);
  const options = chooseOptions(params, exposure, log);
  const flat = flatModel === undefined ? null : flatPlane(input, flatModel, log);
  const user = params.user_mask !== null && params.user_mask.toLowerCase() !== "none" ? params.user_mask : null;

  let rate: DraftRate | undefined;
  let spectra: NirspecScene | undefined;
  if (user === null || options.medianImage) {
    const found = await sceneRate(input, ctx, options, exposure);
    if (typeof found === "string") return failed(found);
    ({ rate, spectra } = found);
  }
  if (rate !== undefined && flat !== null) for (let i = 0; i < rate.data.length; i++) rate.data[i] /= flat[i % npix];
  let masks: Masks | undefined;
  if (user !== null) masks = await userMask(user, ctx, stack);
  else if (rate !== undefined) {
    const all = sceneMask(rate, {
      exposureType: exposure.type,
      scienceRegions: params.mask_science_regions,
      sigma: params.n_sigma,
      fitHistogram: params.fit_histogram,
      science: params.mask_science_regions ? (spectra?.science ?? science) : undefined,
      fixedSlits: spectra?.fixedSlits,
    });
    const single = options.singleMask || rate.nplanes === 1;
    masks = single ? { mask: combineMasks(all, rate.nplanes, npix), planes: 1 } : { mask: all, planes: rate.nplanes };
  }
  if (masks === undefined) return failed("the mask does not have the shape of the data");
  const perPlane =
    masks.planes > 1 || (rate !== undefined && !options.singleMask && rate.model.data.shape.length === 3);

  let median: Float32Array | Float64Array | null = null;
  if (options.medianImage && rate !== undefined) {
    if (nints < 2) return failed(`background_method median_image needs several integrations, and there are ${nints}`);
    if (FLUX_ELSEWHERE.includes(exposure.type))
      return failed(
        `background_method median_image needs an extracted spectrum for EXP_TYPE ${exposure.type}, which this step cannot make`,
      );
    const scale = hasApertureFlux(input)
      ? await apertureFlux(input, rate, ctx)
      : (relativeFlux(rate.data, nints, npix) ?? "no integration has a flux to scale the median image with");
    if (typeof scale === "string") return failed(scale);
    median = scaledMedian(input.data.flat(), nints, ngroups * npix, scale, hasApertureFlux(input));
  }

  const data = input.data.flat();
  const out = allocate("float32", data.length);
  out.set(data);
  const background = params.save_background ? allocate("float32", data.length) : null;
  const first = ramp && median === null ? 1 : 0;
  const pieces: { integration: number; group: number }[] = [];
  for (let integration = 0; integration < nints; integration++)
    for (let group = first; group < ngroups; group++) pieces.push({ integration, group });
  progress.start(pieces.length, "1/f noise");
  const groupdq = ramp && median === null ? (input as RampModel).groupdq.flat() : null;
  const statuses = await executor.run(
    cleanTask,
    pieces.map(({ integration, group }) => ({
      data,
      model: median,
      groupdq,
      mask: masks.mask,
      flat,
      out,
      background: median === null ? background : null,
      ny,
      nx,
      plane: integration * ngroups + group,
      before: ramp && median === null ? integration * ngroups + group - 1 : -1,
      maskPlane: masks.planes > 1 ? integration : 0,
      settings: options.settings,
    })),
    { signal, onDone: () => progress.advance() },
  );
  const bad = statuses.indexOf("failed");
  if (bad >= 0)
    return failed(`integration ${pieces[bad].integration + 1}, group ${pieces[bad].group + 1} cannot be fitted`);
  statuses.forEach((status, k) => {
    const { integration, group } = pieces[k];
    const at = (integration * ngroups + group) * npix;
    if (status === "empty") {
      log.warn(`integration ${integration + 1}, group ${group + 1} has no background pixels and is left as it is`);
      return;
    }
    if (median !== null) {
      for (let p = at; p < at + npix; p++) out[p] += median[p];
      background?.set(median.subarray(at, at + npix), at);
    } else if (ramp) for (let p = at; p < at + npix; p++) out[p] += out[p - npix];
  });

  const shape = input.data.shape;
  if (params.save_mask) {
    const like = rate === undefined ? input : rate.model;
    await ctx.saveModel(intermediateModel(like, masks.mask, perPlane ? [masks.planes, ny, nx] : [ny, nx]), {
      suffix: "mask",
    });
  }
  if (background !== null) await ctx.saveModel(intermediateModel(input, background, shape), { suffix: "flicker_bkg" });
  if (params.save_noise) {
    const noise = allocate("float32", data.length);
    for (let p = 0; p < data.length; p++) noise[p] = out[p] - data[p];
    await ctx.saveModel(intermediateModel(input, noise, shape), { suffix: "flicker_noise" });
  }
  input.data = new NdArray(out, shape);
  return input;
};
