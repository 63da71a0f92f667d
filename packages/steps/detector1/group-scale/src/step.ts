import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

type Ramps = readonly ["RampModel", "SuperstripeRampModel", "GuiderRawModel"];

/** Rescaling of groups that were averaged on board with the wrong divisor. Importing this loads no numeric code. */
export const GroupScaleStep: Step<DeclaredTypes<Ramps, "RampModel", Record<never, never>, readonly []>> = defineStep({
  alias: "group_scale",
  className: "GroupScaleStep",
  classPath: "jwst.group_scale.GroupScaleStep",
  description: "Rescale groups whose on-board frame averaging divided by the wrong number.",
  input: ["RampModel", "SuperstripeRampModel", "GuiderRawModel"],
  output: "RampModel",
  parameters: {},
  load: () => import("./process.js"),
});
