import { type CubeModel, checkExposure, type ImageModel, type Model, type RampModel } from "@calwebb/datamodels";
import { ValidationError } from "@calwebb/errors";
import type { PipelineProcess, StepOutcome } from "@calwebb/stpipe";
import { fitRows } from "./blocks.js";
import { obstacles } from "./coupled.js";
import { type Context, calibrateIntegrations } from "./integrations.js";
import { type Cut, cutToFit, memoryNeeded, type RampShape, sizeText } from "./memory.js";
import { MIRI_ORDER, NIR_ORDER, type RampStepName } from "./order.js";
import type { Detector1Steps, Detector1Types } from "./pipeline.js";

/** Apply gain_scale to the results of the fit, save the rates per integration, and decide the name of the other. */
async function finish(ctx: Context, rate: ImageModel, rateints: CubeModel | undefined): Promise<StepOutcome> {
  const scaled = (await ctx.run.gain_scale(rate, { suffix: "gain_scale" })) as Model;
  if (rateints !== undefined) {
    const ints = (await ctx.run.gain_scale(rateints, { suffix: "gain_scaleints" })) as Model;
    ctx.beginSave(ints, { suffix: "rateints" });
  }
  ctx.setSuffix(scaled.meta.cal_step.ramp_fit === "COMPLETE" ? "rate" : "ramp");
  return scaled;
}

/** How the exposure has to be cut, if it does not fit into the memory that is allowed and can be cut. */
function cutOf(input: Model, order: readonly RampStepName[], ctx: Context): { shape: RampShape; cut: Cut } | undefined {
  if (input.shape?.length !== 4) return undefined;
  const [nints, ngroups, nrows, ncols] = input.shape;
  const shape = { nints, ngroups, nrows, ncols };
  const { workers } = ctx.executor;
  const cut = cutToFit(shape, ctx.memoryBudget, workers);
  if (cut === undefined) return undefined;
  const why = obstacles(input, order, ctx.steps, ctx.params.save_calibrated_ramp);
  if (why.length > 0)
    throw new ValidationError(
      `this exposure needs about ${sizeText(memoryNeeded(shape, workers))} of memory and ${sizeText(ctx.memoryBudget ?? 0)} are ` +
        `allowed; it cannot be calibrated in pieces, because ${why.join("; ")}: allow more memory or change these settings`,
      { where: "memory" },
    );
  return { shape, cut };
}

/** Calibrate and fit an exposure piece by piece: first by integrations, then, from the jumps on, by rows. */
async function inPieces(
  input: RampModel,
  { shape, cut }: { shape: RampShape; cut: Cut },
  order: readonly RampStepName[],
  ctx: Context,
): Promise<[ImageModel, CubeModel] | []> {
  ctx.log.info(
    `calibrating ${cut.ints} integrations and fitting ${cut.rows} rows at a time, to keep to the memory allowed`,
  );
  const jump = order.indexOf("jump");
  const prepared = await calibrateIntegrations(input, shape.nints, cut.ints, order.slice(0, jump), ctx);
  try {
    return await fitRows(prepared, cut.rows, order.slice(jump), ctx);
  } finally {
    await prepared.spill.close();
  }
}

/** Calibrate the ramps step by step and fit them. The ramp is changed in place all the way: there is one copy of it. */
export const process: PipelineProcess<Detector1Types["input"], Detector1Types["params"], Detector1Steps> = async (
  input,
  ctx,
) => {
  const { run, log, params, steps } = ctx;
  const miri = input.meta.instrument.name === "MIRI";
  log.info("Starting calwebb_detector1");
  checkExposure(input, "ramp");
  if (miri && steps.firstframe.params.skip !== true)
    log.info("firstframe is kept for old configurations; rscd flags the first groups");
  const order = miri ? MIRI_ORDER : NIR_ORDER;
  const pieces = cutOf(input, order, ctx);
  let fitted: unknown;
  if (pieces !== undefined) fitted = await inPieces(input as RampModel, pieces, order, ctx);
  else {
    if (ctx.executor.workers > 1) {
      // Workers read the ramp; meanwhile this thread loads the code of the steps.
      void ctx.loadSteps();
      await input.load("data");
    }
    let ramp: Model = input;
    for (const alias of order) ramp = (await run[alias](ramp)) as Model;
    if (params.save_calibrated_ramp) await ctx.saveModel(ramp, { suffix: "ramp" });
    fitted = await run.ramp_fit(ramp);
  }
  if (!Array.isArray(fitted)) return finish(ctx, fitted as ImageModel, undefined);
  const [rate, rateints] = fitted as [ImageModel?, CubeModel?];
  if (rate === undefined) {
    log.info("ramp_fit gave no result; there is no product");
    return [];
  }
  return finish(ctx, rate, rateints);
};
