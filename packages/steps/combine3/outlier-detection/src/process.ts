import { type Model, ModelContainer } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { ProcessOf, StepContext } from "@calwebb/stpipe";
import { flagCoron, flagSeries } from "./cube.js";
import { flagImages } from "./imaging.js";
import { modeOf, pairOf } from "./mode.js";
import type { OutlierDetectionStep } from "./step.js";
import type { Context } from "./types.js";

/** Flag outliers, in place; on disk the members of a container are replaced by ones that read from temporary files. */
export const process: ProcessOf<typeof OutlierDetectionStep> = async (input, context) => {
  const ctx = context as Context & StepContext;
  const container = input instanceof ModelContainer || !("meta" in input) ? (input as ModelContainer) : undefined;
  const models: Model[] = container ? [...container] : [input as Model];
  const [first] = models;
  if (first === undefined) throw new ValidationError("there are no exposures");
  const mode = ctx.params.mode ?? modeOf(first, container === undefined);
  if (mode === undefined)
    return {
      skip: `exposures of type ${first.meta.exposure.type ?? "unknown"} have no outlier detection`,
      status: "FAILED",
    };
  ctx.nameByAssociation();
  ctx.log.info(`mode: ${mode}`);
  const snr = pairOf(ctx.params.snr, "snr");
  const scale = pairOf(ctx.params.scale, "scale");
  if (mode !== "imaging") {
    if (models.length > 1)
      throw new ValidationError(`cubes of integrations are compared one at a time; there are ${models.length}`);
    await (mode === "coron" ? flagCoron : flagSeries)(first, snr[0], ctx);
    return input;
  }
  if (models.length < 2)
    return { skip: `only ${models.length} exposure, and a median needs several`, status: "FAILED" };
  await flagImages(models, { snr, scale }, ctx);
  for (const [i, model] of models.entries()) container?.replace(i, model);
  return container ?? models;
};
