import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

/** Telescope emission: passes a ramp on unchanged. */
export const EmissionStep: Step<DeclaredTypes<"RampModel", "RampModel", Record<never, never>, readonly []>> =
  defineStep({
    alias: "emission",
    className: "EmissionStep",
    classPath: "jwst.emission.EmissionStep",
    description: "Telescope emission: passes ramps on unchanged.",
    input: "RampModel",
    output: "RampModel",
    parameters: {},
    load: () => import("./process.js"),
  });
