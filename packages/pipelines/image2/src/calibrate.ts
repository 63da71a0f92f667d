import type { Model } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { type Level2Association, type Level2Product, membersOf, scienceOf } from "@calwebb/stpipe";
import type { Context } from "./process.js";

/** Exposures that become a picture on the sky, when they are single images. */
const PICTURES = ["MIR_IMAGE", "NRC_IMAGE", "NIS_IMAGE", "FGS_IMAGE"];

/** The science exposure of a product. @throws {ValidationError} for anything but count rates */
async function openRate(product: Level2Product, { log, openModel }: Context): Promise<Model> {
  const science = scienceOf(product, (message) => log.warn(message));
  const model = typeof science === "string" ? await openModel(science, { own: true }) : science;
  if (model.modelType === "ImageModel" || model.modelType === "CubeModel") return model;
  await model.close();
  throw new ValidationError(
    `${model.meta.filename ?? product.name} is a ${model.modelType}; calwebb_image2 takes count rates (ImageModel, CubeModel)`,
    { file: model.meta.filename, got: model.modelType, wanted: "ImageModel or CubeModel" },
  );
}

/** Subtract the background members of a product, if it has any. */
async function subtractBackground(
  model: Model,
  product: Level2Product,
  { run, steps, params }: Context,
): Promise<Model> {
  const bkg_list = membersOf(product, "background");
  if (bkg_list.length === 0) return model;
  const suffix = model.modelType === "CubeModel" ? "bsubints" : "bsub";
  const save_results = params.save_bsub || steps.bkg_subtract.params.save_results;
  return (await run.bkg_subtract(model, { bkg_list, suffix, save_results })) as Model;
}

/** Drizzle a single image onto the sky. The result is a product beside the calibrated exposure, which stays as it is. */
async function makePicture(model: Model, { run, log, saves, steps }: Context): Promise<void> {
  const type = model.meta.exposure.type?.toUpperCase() ?? "";
  if (model.modelType !== "ImageModel" || !PICTURES.includes(type)) return;
  if (model.meta.cal_step.assign_wcs !== "COMPLETE" && steps.resample.params.skip !== true) {
    log.warn("not resampled: the exposure has no world coordinates");
    return;
  }
  await run.resample(model, { save_results: saves(), suffix: "i2d" });
}

/** Calibrate the exposure of one product; gives it under the file name of the product. */
export async function calibrate(product: Level2Product, association: Level2Association, ctx: Context): Promise<Model> {
  const { log, run } = ctx;
  log.info(`product ${product.name}`);
  ctx.nameProducts(product.name);
  let model = await openRate(product, ctx);
  model.meta.asn.pool_name = association.pool;
  model.meta.asn.table_name = association.table;
  model = await subtractBackground(model, product, ctx);
  for (const alias of ["assign_wcs", "flat_field", "photom"] as const) model = (await run[alias](model)) as Model;
  await makePicture(model, ctx);
  model.meta.filename = ctx.productName({ suffix: model.modelType === "CubeModel" ? "calints" : "cal" });
  return model;
}
