import { DQInitStep } from "@calwebb/dq-init";
import { EmiCorrStep } from "@calwebb/emicorr";
import { FirstFrameStep } from "@calwebb/firstframe";
import { GroupScaleStep } from "@calwebb/group-scale";
import { IPCStep } from "@calwebb/ipc";
import { LastFrameStep } from "@calwebb/lastframe";
import { LinearityStep } from "@calwebb/linearity";
import type { LinearStepName } from "@calwebb/ramp-order";
import { RefPixStep } from "@calwebb/refpix";
import { ResetStep } from "@calwebb/reset";
import { RscdStep } from "@calwebb/rscd";
import { SaturationStep } from "@calwebb/saturation";
import { type DeclaredPipeline, definePipeline, type Param, type Pipeline, type Step } from "@calwebb/stpipe";
import { SuperBiasStep } from "@calwebb/superbias";

/** The pipeline's types. */
export type DarkTypes = DeclaredPipeline<
  "RampModel" | "SuperstripeRampModel",
  "RampModel",
  Readonly<Record<never, Param>>,
  Readonly<Record<LinearStepName, Step>>
>;

/** Raw darks to calibrated ramps: detector1 up to the step before the dark subtraction. */
export const DarkPipeline: Pipeline<DarkTypes> = definePipeline({
  alias: "calwebb_dark",
  className: "DarkPipeline",
  classPath: "jwst.pipeline.DarkPipeline",
  description: "Calibrate raw dark ramps up to the step before the dark subtraction.",
  input: ["RampModel", "SuperstripeRampModel"],
  output: "RampModel",
  steps: {
    group_scale: GroupScaleStep,
    dq_init: DQInitStep,
    emicorr: EmiCorrStep,
    saturation: SaturationStep,
    ipc: IPCStep,
    superbias: SuperBiasStep,
    refpix: RefPixStep,
    reset: ResetStep,
    rscd: RscdStep,
    firstframe: FirstFrameStep,
    lastframe: LastFrameStep,
    linearity: LinearityStep,
  },
  load: () => import("./process.js"),
}) as unknown as Pipeline<DarkTypes>;
