import type { CubeModel, ImageModel, Model } from "@calwebb/datamodels";
import type { PipelineContext, PipelineProcess, StepOutcome } from "@calwebb/stpipe";
import { MIRI_ORDER, NIR_ORDER } from "./order.js";
import type { Detector1Steps, Detector1Types } from "./pipeline.js";

type Context = PipelineContext<Detector1Types["params"], Detector1Steps>;

/** Apply gain_scale to the results of the fit, save the rates per integration, and decide the name of the other. */
async function finish(ctx: Context, rate: ImageModel, rateints: CubeModel | undefined): Promise<StepOutcome> {
  const scaled = (await ctx.run.gain_scale(rate, { suffix: "gain_scale" })) as Model;
  if (rateints !== undefined) {
    const ints = (await ctx.run.gain_scale(rateints, { suffix: "gain_scaleints" })) as Model;
    await ctx.saveModel(ints, { suffix: "rateints" });
    if (ints !== scaled) await ints.close();
  }
  ctx.setSuffix(scaled.meta.cal_step.ramp_fit === "COMPLETE" ? "rate" : "ramp");
  return scaled;
}

/** Calibrate the ramps step by step and fit them. The ramp is changed in place all the way: there is one copy of it. */
export const process: PipelineProcess<Detector1Types["input"], Detector1Types["params"], Detector1Steps> = async (
  input,
  ctx,
) => {
  const { run, log, params, steps } = ctx;
  const miri = input.meta.instrument.name === "MIRI";
  log.info("Starting calwebb_detector1");
  if (miri && steps.firstframe.params.skip !== true)
    log.info("firstframe is kept for old configurations; rscd flags the first groups");
  let ramp: Model = input;
  for (const alias of miri ? MIRI_ORDER : NIR_ORDER) ramp = (await run[alias](ramp)) as Model;
  if (params.save_calibrated_ramp) await ctx.saveModel(ramp, { suffix: "ramp" });
  const fitted = await run.ramp_fit(ramp);
  if (!Array.isArray(fitted)) return finish(ctx, fitted as ImageModel, undefined);
  const [rate, rateints] = fitted as [ImageModel?, CubeModel?];
  if (rate === undefined) {
    log.info("ramp_fit gave no result; there is no product");
    return [];
  }
  return finish(ctx, rate, rateints);
};
