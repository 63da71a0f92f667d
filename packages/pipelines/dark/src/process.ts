import { checkExposure, type Model } from "@calwebb/datamodels";
import type { PipelineProcess } from "@calwebb/stpipe";
import type { DarkTypes } from "./pipeline.js";

/** Steps of the pipeline, by alias. */
export type DarkStepName =
  | "group_scale"
  | "dq_init"
  | "emicorr"
  | "saturation"
  | "ipc"
  | "superbias"
  | "refpix"
  | "reset"
  | "rscd"
  | "firstframe"
  | "lastframe"
  | "linearity";

const NIR: readonly DarkStepName[] = [
  "group_scale",
  "dq_init",
  "saturation",
  "ipc",
  "superbias",
  "refpix",
  "linearity",
];

const MIRI: readonly DarkStepName[] = [
  "group_scale",
  "dq_init",
  "emicorr",
  "saturation",
  "ipc",
  "firstframe",
  "lastframe",
  "reset",
  "linearity",
  "rscd",
];

/** Calibrate the ramps step by step, in place. */
export const process: PipelineProcess<DarkTypes["input"], DarkTypes["params"], DarkTypes["steps"]> = async (
  input,
  { run, log },
) => {
  log.info("Starting calwebb_dark");
  checkExposure(input, "ramp");
  let ramp: Model = input;
  for (const alias of input.meta.instrument.name === "MIRI" ? MIRI : NIR) ramp = (await run[alias](ramp)) as Model;
  return ramp;
};
