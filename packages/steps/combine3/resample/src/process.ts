import { forgetRecycled } from "@calwebb/array";
import { groupIdOf, type ImageModel, type Model, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { ModelBlender } from "@calwebb/model-blender";
import {
  fillProduct,
  INPUT_ARRAYS,
  matchInvalid,
  newProduct,
  type OutputGrid,
  Resampler,
  readExposure,
  regionsOf,
  writeWcsinfo,
} from "@calwebb/resampling";
import type { ProcessOf, StepContext } from "@calwebb/stpipe";
import { gridFor } from "./grid.js";
import type { ResampleStep } from "./step.js";

type Context = Parameters<ProcessOf<typeof ResampleStep>>[1];

/** Flags that keep a pixel out. */
const GOOD_BITS = "~DO_NOT_USE+NON_SCIENCE";
/** Metadata that the product does not take from the exposures. */
const OWN = ["meta.photometry.pixelarea_steradians", "meta.photometry.pixelarea_arcsecsq", "meta.filename"];

/** Combine exposures into one image, or each group of them into an image of its own. */
export const process: ProcessOf<typeof ResampleStep> = async (input, ctx) => {
  const container = "meta" in input ? undefined : input;
  const models = container ? [...container] : [input as Model];
  checkImages(models);
  const grid = await gridFor(models, ctx.params, ctx as StepContext);
  const { log, params } = ctx;
  log.info(`output of ${grid.nx} x ${grid.ny} pixels of ${grid.pixelScale.toPrecision(6)} arcsec`);
  log.info(`kernel ${params.kernel}, pixfrac ${params.pixfrac}, weights ${params.weight_type ?? "all alike"}`);
  const blend = params.blendheaders && container !== undefined;
  if (!params.single) return combine(models, container, grid, blend, ctx);
  const out = new ModelContainer();
  for (const [i, group] of groupsOf(models).entries()) {
    const product = await combine(group, container, grid, blend, ctx);
    product.meta.filename = singleName(group[0]);
    // As in the reference implementation, each image says how many pointings there were so far, and has the footprint of all.
    product.meta.resample.pointings = i + 1;
    writeWcsinfo(product, grid, regionsOf(models), log);
    out.append(product);
  }
  return out;
};

/** @throws {ValidationError} unless all models are two-dimensional images */
function checkImages(models: readonly Model[]): void {
  if (models.length === 0) throw new ValidationError("there are no exposures to resample");
  for (const model of models) {
    const shape = model.shape ?? [];
    if (model.modelType === "ImageModel" && shape.length === 2) continue;
    throw new ValidationError(
      `resample takes two-dimensional images; ${model.meta.filename ?? "the input"} is a ${model.modelType} of ${shape.join(" x ")}, and spectra are resampled by resample_spec`,
      { got: model.modelType, wanted: "ImageModel" },
    );
  }
}

function groupsOf(models: readonly Model[]): Model[][] {
  const groups = new Map<string, Model[]>();
  models.forEach((model, i) => {
    const id = groupIdOf(model) ?? `exposure${i}`;
    groups.set(id, [...(groups.get(id) ?? []), model]);
  });
  return [...groups.values()];
}

/** Name of the image of one group: that of its first exposure with another suffix. */
function singleName(model: Model): string {
  const name = model.meta.filename ?? "exposure_cal.fits";
  const dot = name.lastIndexOf(".");
  const stem = dot < 0 ? name : name.slice(0, dot);
  return `${stem.split("_").slice(0, -1).join("_")}_outlier_i2d${dot < 0 ? ".fits" : name.slice(dot)}`;
}

async function combine(
  models: readonly Model[],
  container: ModelContainer | undefined,
  grid: OutputGrid,
  blend: boolean,
  ctx: Context,
): Promise<ImageModel> {
  const { params, log, progress } = ctx;
  const error = params.single ? "drizzle" : params.enable_err ? "variance" : null;
  const resampler = new Resampler(
    grid,
    {
      kernel: params.kernel,
      pixfrac: params.pixfrac,
      fillval: params.fillval,
      weightType: params.weight_type,
      goodBits: GOOD_BITS,
      context: params.single || params.enable_ctx,
      error,
      propagateDq: params.propagate_dq,
      pixmapStep: params.pixmap_stepsize,
      pixmapOrder: params.pixmap_order,
      count: models.length,
    },
    ctx,
  );
  const product = newProduct(models[0], grid);
  const blender = new ModelBlender(OWN);
  progress.start(models.length, "resample");
  for (const model of models) {
    const { exposure, release } = await readExposure(model, INPUT_ARRAYS);
    await matchInvalid(exposure, ctx);
    log.info(`adds ${exposure.meta.filename ?? "an exposure"}`);
    await resampler.add(exposure);
    if (blend) blender.accumulate(exposure);
    release();
    progress.advance();
  }
  if (blend) blender.finish(product);
  fillProduct(product, grid, await resampler.finish(), {
    pixfrac: params.pixfrac,
    kernel: params.kernel,
    fillval: params.fillval,
    weightType: params.weight_type,
    scaleRatio: resampler.scaleRatio,
    reportVariances: params.report_var && error === "variance",
  });
  // Images of another size follow.
  forgetRecycled();
  resampler.releaseScratch();
  writeWcsinfo(product, grid, regionsOf(models), log);
  if (container?.asnTable?.asn_pool !== undefined) product.meta.asn.pool_name = container.asnTable.asn_pool;
  if (container?.asnTableName !== undefined) product.meta.asn.table_name = container.asnTableName;
  return product;
}
