import { boolean, type DeclaredTypes, defineStep, option, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type RscdSpecs = {
  algorithm: Param<"flag" | "decay">;
  decay_equation: Param<"documented" | "reciprocal">;
  decay_percent: Param<boolean>;
};

/** Reset switch charge decay of a MIRI ramp. Importing this loads no numeric code. */
export const RscdStep: Step<DeclaredTypes<"RampModel", "RampModel", RscdSpecs, readonly ["rscd"]>> = defineStep({
  alias: "rscd",
  className: "RscdStep",
  classPath: "jwst.rscd.RscdStep",
  description: "Flag or correct the reset switch charge decay of MIRI ramps.",
  input: "RampModel",
  output: "RampModel",
  parameters: {
    algorithm: option(["flag", "decay"], {
      extension: true,
      default: "flag",
      help: "Flag the first groups, or add the decay to integrations after the first",
    }),
    decay_equation: option(["documented", "reciprocal"], {
      extension: true,
      default: "documented",
      help: "Last factor of the decay's scale: 1 / exp(x) - 1 as documented, or 1 / (exp(x) - 1)",
    }),
    decay_percent: boolean({
      extension: true,
      default: false,
      help: "The scale that follows from the decay table is in percent",
    }),
  },
  references: ["rscd"],
  gate: (ramp) =>
    ramp.meta.instrument.detector?.startsWith("MIR") ? undefined : "the RSCD correction is only for MIRI data",
  load: () => import("./process.js"),
});
