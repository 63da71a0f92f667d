import type { NdArray } from "@calwebb/array";
import { type CubeModel, createModel, type ImageModel, type Model, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import { ModelBlender } from "@calwebb/model-blender";
import type { PipelineContext, PipelineProcess } from "@calwebb/stpipe";
import { setWcs, wcsOf } from "@calwebb/wcs";
import type { Coron3Types } from "./pipeline.js";

type Context = PipelineContext<Coron3Types["params"], Coron3Types["steps"]>;

const ARRAYS = ["data", "dq", "err", "zeroframe", "area", "var_poisson", "var_rnoise", "var_flat"];

/** Each integration of a cube as an image of its own. */
export function integrationsOf(cube: CubeModel): ImageModel[] {
  const wcs = wcsOf(cube);
  return Array.from({ length: cube.data.shape[0] }, (_, i) => {
    const image = createModel("ImageModel");
    for (const name of ARRAYS) {
      if (!cube.hasArray(name)) continue;
      const array = cube.get(name) as NdArray;
      image.set(name, array.shape.length === 3 ? array.pick(i).copy() : array);
    }
    image.update(cube);
    if (wcs) setWcs(image, wcs);
    return image;
  });
}

/** Members of a type; the pipeline cannot do without. */
function membersOf(container: ModelContainer, type: string): Model[] {
  const members = container.indexesOfType(type).map((i) => container.at(i) as Model);
  if (members.length > 0) return members;
  throw new ValidationError(`the association has no members of the type ${type}; coronagraphy needs science and psf`, {
    where: "exptype",
    wanted: type,
  });
}

/** Flag the outliers among the integrations of an exposure, unless that is switched off. */
async function flagOutliers(model: Model, { run, steps, saves }: Context): Promise<Model> {
  if (steps.outlier_detection.params.skip === true) return model;
  const save_results = saves() || steps.outlier_detection.params.save_results === true;
  // A step that stands in for the usual one need not have modes.
  const mode = "mode" in steps.outlier_detection.params ? { mode: "coron" } : {};
  return (await run.outlier_detection(model, { suffix: "crfints", ...mode, save_results })) as Model;
}

/** Stack the references, subtract what they predict from each target, and combine the targets. */
export const process: PipelineProcess<Coron3Types["input"], Coron3Types["params"], Coron3Types["steps"]> = async (
  input,
  ctx,
) => {
  const { log, run, asnId } = ctx;
  log.info("Starting calwebb_coron3");
  const container = input as unknown as ModelContainer;
  const references = membersOf(container, "psf");
  const targets = membersOf(container, "science");
  const product = container.asnTable?.products[0]?.name;
  if (product !== undefined) ctx.nameProducts(product);

  const psfs = new ModelContainer();
  for (const model of references) psfs.append(await flagOutliers(model, ctx));
  const stack = (await run.stack_refs(psfs as never)) as CubeModel;
  await ctx.saveResult(stack, { suffix: "psfstack" });

  const blender = new ModelBlender();
  const images = new ModelContainer();
  for (const original of targets) {
    const name = original.meta.filename;
    blender.accumulate(original);
    const target = await flagOutliers(original, ctx);
    // The target keeps the values that replace its bad pixels: a NaN would spoil the whole integration in klip.
    const aligned = (await run.align_refs([target, stack])) as unknown as CubeModel;
    await ctx.saveResult(aligned, { name, suffix: "psfalign", parts: [asnId] });
    const subtracted = (await run.klip([target, aligned])) as CubeModel;
    await ctx.saveResult(subtracted, { name, suffix: "psfsub", parts: [asnId] });
    for (const image of integrationsOf(subtracted)) images.append(image);
  }
  const result = (await run.resample(images as never, { blendheaders: false })) as Model | ModelContainer;
  if (!("meta" in result)) {
    log.warn("resample was left out: the subtracted integrations are saved one by one");
    return result;
  }
  if (result.meta.cal_step.resample === "COMPLETE") blender.finish(result);
  if (container.asnTable?.asn_pool !== undefined) result.meta.asn.pool_name = container.asnTable.asn_pool;
  if (container.asnTableName !== undefined) result.meta.asn.table_name = container.asnTableName;
  log.info("Ending calwebb_coron3");
  return result;
};
