import { checkExposure, type Model } from "@calwebb/datamodels";
import type { PipelineProcess } from "@calwebb/stpipe";
import type { GuiderTypes } from "./pipeline.js";

/** Run the three steps. An exposure whose first two are set to skip is taken to be a count rate already. */
export const process: PipelineProcess<GuiderTypes["input"], GuiderTypes["params"], GuiderTypes["steps"]> = async (
  input,
  { run, log, steps, setSuffix },
) => {
  log.info("Starting calwebb_guider");
  checkExposure(input, "guider");
  setSuffix("cal");
  let model: Model = input;
  if (steps.dq_init.params.skip === true && steps.guider_cds.params.skip === true) {
    log.info("dq_init and guider_cds are set to skip: the input is taken as calibrated so far");
    // Running them, even skipped, would open a count rate as a raw exposure.
    model.meta.cal_step.dq_init = "SKIPPED";
    model.meta.cal_step.guider_cds = "SKIPPED";
  } else for (const alias of ["dq_init", "guider_cds"] as const) model = (await run[alias](model)) as Model;
  return (await run.flat_field(model)) as Model;
};
