import { ChargeMigrationStep } from "@calwebb/charge-migration";
import { CleanFlickerNoiseStep } from "@calwebb/clean-flicker-noise";
import { DarkCurrentStep } from "@calwebb/dark-current";
import { DQInitStep } from "@calwebb/dq-init";
import { EmiCorrStep } from "@calwebb/emicorr";
import { FirstFrameStep } from "@calwebb/firstframe";
import { GainScaleStep } from "@calwebb/gain-scale";
import { GroupScaleStep } from "@calwebb/group-scale";
import { IPCStep } from "@calwebb/ipc";
import { JumpStep } from "@calwebb/jump";
import { LastFrameStep } from "@calwebb/lastframe";
import { LinearityStep } from "@calwebb/linearity";
import { PersistenceStep } from "@calwebb/persistence";
import { PictureFrameStep } from "@calwebb/picture-frame";
import { RampFitStep } from "@calwebb/ramp-fit";
import { RefPixStep } from "@calwebb/refpix";
import { ResetStep } from "@calwebb/reset";
import { RscdStep } from "@calwebb/rscd";
import { SaturationStep } from "@calwebb/saturation";
import { boolean, type DeclaredPipeline, definePipeline, type Param, type Pipeline, type Step } from "@calwebb/stpipe";
import { SuperBiasStep } from "@calwebb/superbias";
import type { RampStepName } from "./order.js";

/** Own parameters of the pipeline. */
export type Detector1Specs = {
  save_calibrated_ramp: Param<boolean>;
};

/** The steps by alias. */
export type Detector1Steps = Readonly<Record<RampStepName | "ramp_fit" | "gain_scale", Step>>;

/** The pipeline's types. */
export type Detector1Types = DeclaredPipeline<
  "RampModel" | "SuperstripeRampModel",
  "ImageModel" | "IFUImageModel" | "RampModel",
  Detector1Specs,
  Detector1Steps
>;

/** Raw ramps to count rates: one image over the exposure (`rate`), one per integration (`rateints`). */
export const Detector1Pipeline: Pipeline<Detector1Types> = definePipeline({
  alias: "calwebb_detector1",
  className: "Detector1Pipeline",
  classPath: "jwst.pipeline.Detector1Pipeline",
  description: "Calibrate raw ramps and fit them to count rates.",
  input: ["RampModel", "SuperstripeRampModel"],
  output: ["ImageModel", "IFUImageModel", "RampModel"],
  parameters: {
    save_calibrated_ramp: boolean({ default: false, help: "Also save the calibrated ramps, as they go into the fit" }),
  },
  steps: {
    group_scale: GroupScaleStep,
    dq_init: DQInitStep,
    emicorr: EmiCorrStep,
    saturation: SaturationStep,
    ipc: IPCStep,
    superbias: SuperBiasStep,
    refpix: RefPixStep,
    rscd: RscdStep,
    firstframe: FirstFrameStep,
    lastframe: LastFrameStep,
    linearity: LinearityStep,
    dark_current: DarkCurrentStep,
    reset: ResetStep,
    persistence: PersistenceStep,
    charge_migration: ChargeMigrationStep,
    jump: JumpStep,
    picture_frame: PictureFrameStep,
    clean_flicker_noise: CleanFlickerNoiseStep,
    ramp_fit: RampFitStep,
    gain_scale: GainScaleStep,
  },
  load: () => import("./process.js"),
}) as unknown as Pipeline<Detector1Types>;

/**
 * Parameters for time-series exposures, where every integration counts and effects that average out over an exposure are
 * left alone: `Detector1Pipeline.call(file, Tso1)`.
 */
export const Tso1: { readonly steps: Readonly<Record<string, { readonly skip: true }>> } = {
  steps: {
    ipc: { skip: true },
    firstframe: { skip: true },
    lastframe: { skip: true },
    persistence: { skip: true },
  },
};
