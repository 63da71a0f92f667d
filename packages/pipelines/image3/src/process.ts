import { type Model, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { PipelineContext, PipelineProcess } from "@calwebb/stpipe";
import type { Image3Types } from "./pipeline.js";

type Context = PipelineContext<Image3Types["params"], Image3Types["steps"]>;

/**
 * The science exposures of the input as a container of their own; members of other types (background, target acquisition) are not
 * used. The container shares its models with the input.
 * @throws {ValidationError} when there are none
 */
export function scienceOf(input: ModelContainer | Model | readonly Model[]): ModelContainer {
  const given = "meta" in input ? [input] : [...input];
  const all = new ModelContainer(given);
  const science = new ModelContainer(all.indexesOfType("science").map((i) => given[i]));
  if (science.length === 0)
    throw new ValidationError("there are no science exposures; calwebb_image3 takes those of the type science", {
      where: "exptype",
      wanted: "science",
    });
  if (!("meta" in input) && "asnTable" in input) {
    science.asnTable = input.asnTable;
    science.asnTableName = input.asnTableName;
  }
  return science;
}

/** Whether the telescope followed a target of the solar system; the first exposure decides. */
function isMoving(container: ModelContainer): boolean {
  return container.at(0)?.meta.target.type?.toLowerCase() === "moving";
}

/** Run a step on all exposures together. */
async function together(
  alias: "assign_mtwcs" | "tweakreg" | "skymatch" | "outlier_detection",
  container: ModelContainer,
  { run, params, steps }: Context,
  own: Readonly<Record<string, unknown>> = {},
): Promise<ModelContainer> {
  const onDisk = !params.in_memory && "in_memory" in steps[alias].params ? { in_memory: false } : {};
  return (await run[alias](container as never, { ...own, ...onDisk } as never)) as unknown as ModelContainer;
}

/** Align the exposures, match their sky, flag outliers, combine them, and list the sources of the mosaic. */
export const process: PipelineProcess<Image3Types["input"], Image3Types["params"], Image3Types["steps"]> = async (
  input,
  ctx,
) => {
  const { log, run, steps } = ctx;
  log.info("Starting calwebb_image3");
  let exposures = scienceOf(input as unknown as ModelContainer);
  const product = exposures.asnTable?.products[0]?.name;
  if (product !== undefined) ctx.nameProducts(product);
  /** Steps save what they make when the pipeline saves, and also when they are told to. */
  const saving = (alias: keyof Image3Types["steps"]): { save_results: boolean } => ({
    save_results: ctx.saves() || steps[alias].params.save_results === true,
  });

  exposures = await together(isMoving(exposures) ? "assign_mtwcs" : "tweakreg", exposures, ctx);
  exposures = await together("skymatch", exposures, ctx);
  exposures = await together("outlier_detection", exposures, ctx, { suffix: "crf", ...saving("outlier_detection") });
  const result = (await run.resample(exposures as never, { suffix: "i2d", ...saving("resample") })) as
    | Model
    | ModelContainer;
  ctx.resultsAreSaved();
  if ("meta" in result && result.meta.cal_step.resample === "COMPLETE")
    await run.source_catalog(result, saving("source_catalog"));
  else log.warn("there is no combined image, and so no catalog of its sources");
  log.info("Ending calwebb_image3");
  return result;
};
