import { boolean, type DeclaredTypes, defineStep, integer, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type FirstFrameSpecs = {
  bright_use_group1: Param<boolean>;
  minimum_groups: Param<number>;
};

/** Flags the first group of MIRI ramps. Importing this loads no numeric code. */
export const FirstFrameStep: Step<DeclaredTypes<"RampModel", "RampModel", FirstFrameSpecs, readonly []>> = defineStep({
  alias: "firstframe",
  className: "FirstFrameStep",
  classPath: "jwst.firstframe.FirstFrameStep",
  description: "Flag the first group of MIRI ramps.",
  input: "RampModel",
  output: "RampModel",
  skip: true,
  parameters: {
    bright_use_group1: boolean({ default: true, help: "Keep group 1 of pixels that are saturated in group 3" }),
    minimum_groups: integer({
      extension: true,
      default: 4,
      min: 2,
      help: "Flag only when an integration has this many groups",
    }),
  },
  gate: (ramp) =>
    ramp.meta.instrument.detector?.toUpperCase().startsWith("MIR")
      ? undefined
      : "the first frame correction is only for MIRI data",
  load: () => import("./process.js"),
});
