import { checkExposure, type Model } from "@calwebb/datamodels";
import { linearOrder } from "@calwebb/ramp-order";
import type { PipelineProcess } from "@calwebb/stpipe";
import type { DarkTypes } from "./pipeline.js";

/** Calibrate the ramps step by step, in place. */
export const process: PipelineProcess<DarkTypes["input"], DarkTypes["params"], DarkTypes["steps"]> = async (
  input,
  { run, log },
) => {
  log.info("Starting calwebb_dark");
  checkExposure(input, "ramp");
  let ramp: Model = input;
  for (const alias of linearOrder(input.meta.instrument.name)) ramp = (await run[alias](ramp)) as Model;
  return ramp;
};
