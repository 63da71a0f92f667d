import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

/** Reset anomaly correction of a MIRI ramp. Importing this loads no numeric code. */
export const ResetStep: Step<DeclaredTypes<"RampModel", "RampModel", Record<never, never>, readonly ["reset"]>> =
  defineStep({
    alias: "reset",
    className: "ResetStep",
    classPath: "jwst.reset.ResetStep",
    description: "Subtract the reset anomaly from MIRI ramps.",
    input: "RampModel",
    output: "RampModel",
    parameters: {},
    references: ["reset"],
    gate: (ramp) =>
      ramp.meta.instrument.detector?.startsWith("MIR") ? undefined : "the reset correction is only for MIRI data",
    load: () => import("./process.js"),
  });
