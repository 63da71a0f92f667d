import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  integer,
  option,
  type Param,
  type Step,
  string,
} from "@calwebb/stpipe";
import type { SkyMethod } from "./kernel/match.js";
import type { SkyStatistic } from "./kernel/statistics.js";

/** Parameters of the step. */
export type SkyMatchSpecs = {
  skymethod: Param<SkyMethod | "user">;
  match_down: Param<boolean>;
  subtract: Param<boolean>;
  skylist: Param<string | null>;
  stepsize: Param<number | null>;
  skystat: Param<SkyStatistic>;
  dqbits: Param<string | null>;
  lower: Param<number | null>;
  upper: Param<number | null>;
  nclip: Param<number>;
  lsigma: Param<number>;
  usigma: Param<number>;
  binwidth: Param<number>;
  in_memory: Param<boolean>;
};

/** Sky background of overlapping exposures. Importing this loads no numeric code. */
export const SkyMatchStep: Step<
  DeclaredTypes<readonly ["ModelContainer", "ImageModel"], "ModelContainer", SkyMatchSpecs, readonly []>
> = defineStep({
  alias: "skymatch",
  className: "SkyMatchStep",
  classPath: "jwst.skymatch.SkyMatchStep",
  description: "Match the sky background of overlapping exposures.",
  input: ["ModelContainer", "ImageModel"],
  output: "ModelContainer",
  parameters: {
    skymethod: option(["local", "global", "match", "global+match", "user"], {
      default: "match",
      help: "How the sky is found: in each exposure, the least of all, equal where exposures overlap, both, or given in a list",
    }),
    match_down: boolean({
      default: true,
      help: "Match to the exposure with the lowest sky, not to that with the highest",
    }),
    subtract: boolean({ default: false, help: "Subtract the sky, not only record it" }),
    skylist: string({
      default: null,
      help: "File of lines NAME VALUE with the sky of each exposure, for the method user",
    }),
    stepsize: integer({
      default: null,
      help: "Largest distance between corners of the outline of an exposure [pixel]",
    }),
    skystat: option(["median", "midpt", "mean", "mode"], {
      default: "mode",
      help: "Statistic that is taken as the sky",
    }),
    dqbits: string({
      default: "~DO_NOT_USE+NON_SCIENCE",
      help: "DQ flags that good pixels may have, by name or number; ~: that they may not have; None: all",
    }),
    lower: float({ default: null, help: "Lowest value that counts" }),
    upper: float({ default: null, help: "Highest value that counts" }),
    nclip: integer({ default: 5, min: 0, help: "How often outliers are clipped" }),
    lsigma: float({ default: 4, min: 0, help: "Limit below which values are clipped [sigma]" }),
    usigma: float({ default: 4, min: 0, help: "Limit above which values are clipped [sigma]" }),
    binwidth: float({ default: 0.1, min: 0, help: "Width of the bins of the histogram for mode and midpt [sigma]" }),
    in_memory: boolean({ default: true, help: "Keep all exposures in memory" }),
  },
  load: () => import("./process.js"),
}) as never;
