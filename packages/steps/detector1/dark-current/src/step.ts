import type { Model } from "@calwebb/datamodels";
import {
  type DeclaredTypes,
  defineStep,
  float,
  outputFile,
  type Param,
  ref,
  type Step,
  type TypedReference,
} from "@calwebb/stpipe";

/** Class of the dark of each instrument. */
function darkModel(model: Model): "DarkMIRIModel" | "DarkNirspecModel" | "DarkModel" {
  const instrument = model.meta.instrument.name;
  return instrument === "MIRI" ? "DarkMIRIModel" : instrument === "NIRSPEC" ? "DarkNirspecModel" : "DarkModel";
}

type Dark = TypedReference<"dark", "DarkMIRIModel" | "DarkNirspecModel" | "DarkModel", false>;

/** Parameters of the step. */
export type DarkCurrentSpecs = {
  dark_output: Param<string | null>;
  average_dark_current: Param<number | null>;
};

/** Dark subtraction of a ramp. Importing this loads no numeric code. */
export const DarkCurrentStep: Step<DeclaredTypes<"RampModel", "RampModel", DarkCurrentSpecs, readonly [Dark]>> =
  defineStep({
    alias: "dark_current",
    className: "DarkCurrentStep",
    classPath: "jwst.dark_current.DarkCurrentStep",
    description: "Subtract the dark current from ramps.",
    input: "RampModel",
    output: "RampModel",
    calStep: "dark_sub",
    parameters: {
      dark_output: outputFile({ help: "File that receives the dark as it was subtracted" }),
      average_dark_current: float({
        help: "Average dark current of the detector [e-/s], for the Poisson noise of the ramp fit",
      }),
    },
    references: [ref("dark", { model: darkModel })],
    load: () => import("./process.js"),
  });
