import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

type Ramps = readonly ["RampModel", "SuperstripeRampModel"];

/** Correction of inter-pixel capacitance. Importing this loads no numeric code. */
export const IPCStep: Step<DeclaredTypes<Ramps, "RampModel", Record<never, never>, readonly ["ipc"]>> = defineStep({
  alias: "ipc",
  className: "IPCStep",
  classPath: "jwst.ipc.IPCStep",
  description: "Correct every group for inter-pixel capacitance.",
  input: ["RampModel", "SuperstripeRampModel"],
  output: "RampModel",
  parameters: {},
  references: ["ipc"],
  load: () => import("./process.js"),
});
