import type { Model } from "@calwebb/datamodels";
import type { ProcessOf } from "@calwebb/stpipe";
import { scale } from "./kernel.js";
import type { GainScaleStep } from "./step.js";

/** Scale an array of the model if it is there. */
function scaleArray(model: Model, name: string, factor: number): void {
  if (model.hasArray(name)) scale((model.get(name) as { flat(): Float32Array }).flat(), factor);
}

/** Multiply rates and errors by GAINFACT and variances by its square, in place. */
export const process: ProcessOf<typeof GainScaleStep> = async (rate, ctx) => {
  await rate.load("data", "err", "var_poisson", "var_rnoise");
  const { exposure } = rate.meta;
  let factor = exposure.gain_factor;
  if (factor === undefined) {
    const gain = await ctx.findReference("gain", { load: false });
    factor = gain?.meta.exposure.gain_factor;
  }
  if (factor === undefined) return { skip: "neither the exposure nor the gain reference has a GAINFACT keyword" };
  ctx.log.info(`rescaling by ${factor}`);
  scaleArray(rate, "data", factor);
  scaleArray(rate, "err", factor);
  scaleArray(rate, "var_poisson", factor * factor);
  scaleArray(rate, "var_rnoise", factor * factor);
  exposure.gain_factor = factor;
  return rate;
};
