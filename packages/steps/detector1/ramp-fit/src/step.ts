import {
  boolean,
  type DeclaredTypes,
  defineStep,
  integer,
  option,
  type Param,
  type Step,
  string,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type RampFitSpecs = {
  algorithm: Param<"OLS_C" | "LIKELY">;
  int_name: Param<string>;
  save_opt: Param<boolean>;
  opt_name: Param<string>;
  suppress_one_group: Param<boolean>;
  firstgroup: Param<number | null>;
  lastgroup: Param<number | null>;
  maximum_cores: Param<string>;
};

type Outputs = readonly ["ImageModel", "IFUImageModel", "CubeModel"];

/** Ramps to count rates: a mean image and one per integration. Importing this loads no numeric code. */
export const RampFitStep: Step<DeclaredTypes<"RampModel", Outputs, RampFitSpecs, readonly ["readnoise", "gain"]>> =
  defineStep({
    alias: "ramp_fit",
    className: "RampFitStep",
    classPath: "jwst.ramp_fitting.RampFitStep",
    description: "Fit ramps to count rates, over the exposure and per integration.",
    input: "RampModel",
    output: ["ImageModel", "IFUImageModel", "CubeModel"],
    parameters: {
      algorithm: option(["OLS_C", "LIKELY"], {
        default: "OLS_C",
        help: "Least squares over segments, or maximum likelihood with its own jump search",
      }),
      int_name: string({
        default: "",
        help: "Accepted for old configurations; the product per integration is numbered",
      }),
      save_opt: boolean({ default: false, help: "Also save the fit of every segment (chi squared for LIKELY)" }),
      opt_name: string({ default: "", help: "File name to derive the name of that product from" }),
      suppress_one_group: boolean({ default: true, help: "Give no rate to ramps with a single good group" }),
      firstgroup: integer({ help: "First group to use, counted from 0" }),
      lastgroup: integer({ help: "Last group to use, counted from 0" }),
      maximum_cores: string({
        default: "1",
        help: "Accepted for old configurations; the run decides how many workers there are",
      }),
    },
    references: ["readnoise", "gain"],
    load: () => import("./process.js"),
  });
