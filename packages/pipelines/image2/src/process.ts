import type { Model } from "@calwebb/datamodels";
import { describeError, isCalwebbError, StepFailed } from "@calwebb/errors";
import type { Level2Product, PipelineContext, PipelineProcess } from "@calwebb/stpipe";
import { calibrate } from "./calibrate.js";
import type { Image2Types } from "./pipeline.js";

/** What the pipeline's body gets. */
export type Context = PipelineContext<Image2Types["params"], Image2Types["steps"]>;

interface Failure {
  readonly product: string;
  readonly error: unknown;
}

/** Save a finished product and let go of its memory: what is handed on reads the file again when it is used. */
async function putAside(model: Model, ctx: Context): Promise<Model> {
  const path = await ctx.saveResult(model, { name: model.meta.filename, suffix: false });
  if (path === undefined) return model;
  await model.close();
  return ctx.openModel(path.includes("/") ? path : `./${path}`, { own: true });
}

/** One error for the products that failed; it names them all. */
function failedTogether(failures: readonly Failure[], products: readonly Level2Product[]): StepFailed {
  const reasons = failures.map(({ product, error }) => `${product}: ${describeError(error)}`);
  return new StepFailed(
    `calwebb_image2: ${failures.length} of ${products.length} products failed, the others are done: ${reasons.join("; ")}`,
    { step: "calwebb_image2", cause: failures[0].error },
  );
}

/** Calibrate every product of the input on its own. */
export const process: PipelineProcess<Image2Types["input"], Image2Types["params"], Image2Types["steps"]> = async (
  input,
  ctx,
) => {
  const { log, params, signal } = ctx;
  log.info("Starting calwebb_image2");
  if (params.save_bsub) log.warn("save_bsub is deprecated; use save_results of bkg_subtract");
  const association = await ctx.level2(input);
  const { products } = association;
  const several = products.length > 1;
  if (several && params.output_file) {
    log.warn("output_file is ignored: the association has several products");
    ctx.dropOutputFile();
  }
  // Hooks that run after the pipeline may change what is saved.
  const atOnce = several && ctx.saves() && params.post_hooks.length === 0;
  const results: Model[] = [];
  const failures: Failure[] = [];
  for (const product of products) {
    try {
      const model = await calibrate(product, association, ctx);
      results.push(atOnce ? await putAside(model, ctx) : model);
    } catch (error) {
      if (!several || signal.aborted || isCalwebbError(error, "Cancelled")) throw error;
      log.error(`product ${product.name} failed: ${describeError(error)}`);
      failures.push({ product: product.name, error });
    }
  }
  if (failures.length > 0) {
    if (!atOnce) for (const model of results) await putAside(model, ctx);
    throw failedTogether(failures, products);
  }
  if (atOnce) ctx.resultsAreSaved();
  else ctx.saveUnderOwnNames();
  return several ? results : results[0];
};
