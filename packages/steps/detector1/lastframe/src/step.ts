import { type DeclaredTypes, defineStep, integer, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type LastFrameSpecs = {
  minimum_groups: Param<number>;
};

/** Flags the last group of MIRI ramps. Importing this loads no numeric code. */
export const LastFrameStep: Step<DeclaredTypes<"RampModel", "RampModel", LastFrameSpecs, readonly []>> = defineStep({
  alias: "lastframe",
  className: "LastFrameStep",
  classPath: "jwst.lastframe.LastFrameStep",
  description: "Flag the last group of MIRI ramps.",
  input: "RampModel",
  output: "RampModel",
  parameters: {
    minimum_groups: integer({
      extension: true,
      default: 3,
      min: 2,
      help: "Flag only when an integration has this many groups",
    }),
  },
  gate: (ramp) =>
    ramp.meta.instrument.detector?.startsWith("MIR") ? undefined : "the last frame correction is only for MIRI data",
  load: () => import("./process.js"),
});
