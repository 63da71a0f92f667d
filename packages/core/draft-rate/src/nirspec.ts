import { NdArray } from "@calwebb/array";
import { type CubeModel, createModel, type ImageModel, type Model, type ModelName } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import {
  assignSpectral,
  failedOpenShutters,
  flagFailedOpen,
  isMsaFileError,
  isSpectral,
  REFERENCE_TYPES,
  References,
  type ReferenceType,
  seesFixedSlit,
  sliceMask,
  slitMask,
} from "@calwebb/nirspec-wcs";
import type { StepContext } from "@calwebb/stpipe";
import { wcsOf } from "@calwebb/wcs";
import type { DraftRate } from "./rate.js";

type Context = Pick<StepContext, "findReference" | "findReferenceText" | "refNames" | "log" | "openModel">;

/** Types that `assign_wcs` looks for, in its order; their names go to the header of the draft. */
const TYPES = ["distortion", "filteroffset", "specwcs", "regions", ...REFERENCE_TYPES] as const;

/** Edges of a slit by default. */
const RANGE = [-0.55, 0.55] as const;

/** Why a draft has no world coordinates: no spectrum falls on the detector, or the open shutters are unknown. */
export type WithoutCoordinates = "no data" | "no shutters";

/** Where NIRSpec spectra of an exposure are. */
export interface NirspecScene {
  /** The draft with coordinates and flags of failed-open shutters; the given one is not changed. */
  rate: DraftRate;
  /** ny * nx, 1 where slits or slices are. */
  science: Uint8Array;
  /** Whether the exposure through the MSA also sees fixed slits. */
  fixedSlits: boolean;
}

const isNeeded = (type: string): type is ReferenceType => (REFERENCE_TYPES as readonly string[]).includes(type);

/** The name of a reference as headers carry it. */
const recorded = (name: string | undefined): string =>
  name === undefined || name === "N/A" ? "N/A" : `crds://${name.split("/").pop()}`;

/** A draft that can be changed without changing the given one. */
function ownRate(rate: DraftRate): DraftRate {
  const dq = rate.dq.slice();
  const shape = rate.model.data.shape;
  const model = createModel(rate.model.modelType as "ImageModel" | "CubeModel", {
    data: rate.model.data,
    dq: new NdArray(dq, shape),
  }) as ImageModel | CubeModel;
  model.update(rate.model);
  const wcs = rate.model.get("meta.wcs");
  if (wcs !== undefined) model.set("meta.wcs", wcs);
  return { ...rate, dq, model };
}

/** Reference models for coordinates, looked up as `assign_wcs` does. */
async function lookUp(model: Model, ctx: Context): Promise<References> {
  const found: Partial<Record<ReferenceType, Model>> = {};
  for (const type of TYPES) {
    const reference = await ctx.findReference(type, { record: false, load: isNeeded(type) });
    model.set(`meta.ref_file.${type}.name`, recorded(ctx.refNames[type]));
    if (reference !== undefined && isNeeded(type)) found[type] = reference;
  }
  return new References(found);
}

/** Reference models that an exposure with coordinates names in its header. */
async function named(model: Model, ctx: Context): Promise<References> {
  const found: Partial<Record<ReferenceType, Model>> = {};
  for (const type of REFERENCE_TYPES) {
    const name = String(model.get(`meta.ref_file.${type}.name`) ?? "");
    if (name === "N/A") continue;
    const own = name !== "" && !name.startsWith("crds://");
    const reference = own
      ? await ctx.openModel(name, { model: CLASSES[type] })
      : await ctx.findReference(type, { record: false });
    if (reference !== undefined) found[type] = reference;
  }
  return new References(found);
}

const CLASSES: Readonly<Record<ReferenceType, ModelName>> = {
  wavelengthrange: "WavelengthrangeModel",
  camera: "CameraModel",
  chromcorr: "ChromCorrModel",
  collimator: "CollimatorModel",
  disperser: "DisperserModel",
  fore: "FOREModel",
  fpa: "FPAModel",
  msa: "MSAModel",
  ote: "OTEModel",
  ifupost: "IFUPostModel",
  ifufore: "IFUFOREModel",
  ifuslicer: "IFUSlicerModel",
};

async function assign(model: Model, ctx: Context): Promise<References> {
  const references = await lookUp(model, ctx);
  await assignSpectral(model, {
    references,
    range: RANGE,
    openMetafile: async (path) => {
      const file = await ctx.openModel(path);
      await file.load();
      return file;
    },
    log: ctx.log,
  });
  model.meta.cal_step.assign_wcs = "COMPLETE";
  return references;
}

async function flagShutters(rate: DraftRate, given: References | undefined, ctx: Context): Promise<void> {
  const { model } = rate;
  const text = await ctx.findReferenceText("msaoper", { record: false });
  model.set("meta.ref_file.msaoper.name", recorded(ctx.refNames.msaoper));
  if (text === undefined) {
    ctx.log.warn("there is no msaoper reference: failed-open shutters are not left out");
    model.meta.cal_step.msa_flagging = "SKIPPED";
    return;
  }
  const shutters = failedOpenShutters(text);
  ctx.log.info(`${shutters.length} failed-open shutters`);
  const references = given ?? (await named(model, ctx));
  await flagFailedOpen(model, { data: rate.dq, nplanes: rate.nplanes, ny: rate.ny, nx: rate.nx }, shutters, references);
  model.meta.cal_step.msa_flagging = "COMPLETE";
}

/** Whether where light falls follows from slits, shutters or slices. */
export function hasNirspecScene(model: Pick<Model, "meta">): boolean {
  const { instrument, exposure } = model.meta;
  return instrument.name === "NIRSPEC" && isSpectral(exposure.type, instrument.grating, instrument.lamp_mode);
}

/**
 * Find the spectra in a draft rate of NIRSpec: world coordinates are computed unless it has some, with the references of `assign_wcs`, and
 * failed-open shutters flagged with the one of `msa_flagging`.
 * @param shutters - flag failed-open shutters
 * @returns what keeps the exposure from having coordinates, if something does
 */
export async function nirspecScene(
  rate: DraftRate,
  ctx: Context,
  shutters: boolean,
): Promise<NirspecScene | WithoutCoordinates> {
  const own = ownRate(rate);
  let references: References | undefined;
  try {
    if (wcsOf(own.model) === undefined) references = await assign(own.model, ctx);
    if (shutters) await flagShutters(own, references, ctx);
  } catch (error) {
    const reason = without(error);
    if (reason === undefined) throw error;
    ctx.log.warn((error as Error).message);
    return reason;
  }
  const wcs = wcsOf(own.model);
  if (!wcs) return { rate: own, science: new Uint8Array(own.ny * own.nx), fixedSlits: false };
  const ifu = own.model.meta.exposure.type === "NRS_IFU";
  const science = (ifu ? sliceMask : slitMask)(wcs, own.ny, own.nx);
  return { rate: own, science, fixedSlits: !ifu && seesFixedSlit(wcs) === true };
}

function without(error: unknown): WithoutCoordinates | undefined {
  if (isMsaFileError(error)) return "no shutters";
  return isCalwebbError(error, "NoDataOnDetector") ? "no data" : undefined;
}
