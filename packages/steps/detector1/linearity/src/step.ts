import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

/** Nonlinearity correction of a ramp. Importing this loads no numeric code. */
export const LinearityStep: Step<
  DeclaredTypes<"RampModel", "RampModel", Record<never, never>, readonly ["linearity"]>
> = defineStep({
  alias: "linearity",
  className: "LinearityStep",
  classPath: "jwst.linearity.LinearityStep",
  description: "Correct ramps for the nonlinear response of the detector.",
  input: "RampModel",
  output: "RampModel",
  parameters: {},
  references: ["linearity"],
  load: () => import("./process.js"),
});
