import { type DeclaredTypes, defineStep, ref, type Step } from "@calwebb/stpipe";

type Ramps = readonly ["RampModel", "SuperstripeRampModel"];

/** Subtraction of the superbias. Importing this loads no numeric code. */
export const SuperBiasStep: Step<DeclaredTypes<Ramps, "RampModel", Record<never, never>, readonly ["superbias"]>> =
  defineStep({
    alias: "superbias",
    className: "SuperBiasStep",
    classPath: "jwst.superbias.SuperBiasStep",
    description: "Subtract the superbias from every group.",
    input: ["RampModel", "SuperstripeRampModel"],
    output: "RampModel",
    parameters: {},
    references: [ref("superbias", { arrays: ["data", "dq"] })],
    load: () => import("./process.js"),
  });
