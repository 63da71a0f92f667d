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

/** @throws {ValidationError} for an association of stage 2, whose products are single exposures */
function checkAssociation({ asnTable, asnTableName }: ModelContainer): void {
  const type = String((asnTable as { asn_type?: unknown } | undefined)?.asn_type ?? "");
  if (!/2$/.test(type)) return;
  throw new ValidationError(
    `${asnTableName ?? "the association"} is of the type ${type}, of stage 2; calwebb_image3 combines the members of an association of stage 3`,
    { file: asnTableName, where: "asn_type", got: type, wanted: "image3" },
  );
}

/** Say what the user may not have meant: more products than are made, exposures of several filters. */
function warnings(exposures: ModelContainer): string[] {
  const out: string[] = [];
  const { products } = exposures.asnTable ?? {};
  if (products !== undefined && products.length > 1)
    out.push(`the association has ${products.length} products; only the first, ${products[0].name}, is made`);
  const filters = new Set(
    [...exposures].map(({ meta: { instrument } }) => [instrument.filter, instrument.pupil].filter(Boolean).join(" ")),
  );
  if (filters.size > 1) out.push(`exposures of different filters are combined: ${[...filters].join(", ")}`);
  return out;
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
  if (!("meta" in input) && "asnTable" in input) checkAssociation(input as unknown as ModelContainer);
  let exposures = scienceOf(input as unknown as ModelContainer);
  for (const warning of warnings(exposures)) log.warn(warning);
  const product = exposures.asnTable?.products[0]?.name;
  if (product !== undefined) ctx.nameProducts(product);
  /** Steps save what they make when the pipeline saves, and also when they are told to. */
  const saving = (alias: keyof Image3Types["steps"]): { save_results: boolean } => ({
    save_results: ctx.saves() || steps[alias].params.save_results === true,
  });

  exposures = await together(isMoving(exposures) ? "assign_mtwcs" : "tweakreg", exposures, ctx);
  exposures = await together("skymatch", exposures, ctx);
  // Whatever the type of the exposures, they are images here. A step that stands in for the usual one need not have modes.
  const mode = "mode" in steps.outlier_detection.params ? { mode: "imaging" } : {};
  const outliers = { suffix: "crf", ...mode, ...saving("outlier_detection") };
  exposures = await together("outlier_detection", exposures, ctx, outliers);
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
