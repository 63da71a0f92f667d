import type { Model } from "@calwebb/datamodels";
import { isIrs2Shape } from "@calwebb/readout";
import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  integer,
  option,
  type Param,
  ref,
  type Step,
  type TypedReference,
} from "@calwebb/stpipe";

type Ramps = readonly ["RampModel", "SuperstripeRampModel"];

type Params = {
  odd_even_columns: Param<boolean>;
  use_side_ref_pixels: Param<boolean>;
  side_smoothing_length: Param<number>;
  side_gain: Param<number>;
  odd_even_rows: Param<boolean>;
  ovr_corr_mitigation_ftr: Param<number>;
  preserve_irs2_refpix: Param<boolean>;
  irs2_mean_subtraction: Param<boolean>;
  refpix_algorithm: Param<"median" | "sirs">;
  sigreject: Param<number>;
  gaussmooth: Param<number>;
  halfwidth: Param<number>;
  siglimit: Param<number>;
};

type References = readonly [TypedReference<"refpix", never, false>, TypedReference<"sirskernel", never, true>];

const isIrs2 = (model: Model): boolean => model.shape !== undefined && isIrs2Shape(model.shape);

const wantsSirs = (model: Model, params: Readonly<Record<string, unknown>>): boolean =>
  params["refpix_algorithm"] === "sirs" &&
  !isIrs2(model) &&
  model.meta.instrument.name !== "MIRI" &&
  (model.meta.subarray.name ?? "").includes("FULL");

/** Correction of bias drifts with reference pixels. Importing this loads no numeric code. */
export const RefPixStep: Step<DeclaredTypes<Ramps, "RampModel", Params, References>> = defineStep({
  alias: "refpix",
  className: "RefPixStep",
  classPath: "jwst.refpix.RefPixStep",
  description: "Correct drifts of the bias with reference pixels.",
  input: ["RampModel", "SuperstripeRampModel"],
  output: "RampModel",
  parameters: {
    odd_even_columns: boolean({ default: true, help: "Separate levels for odd and even columns" }),
    use_side_ref_pixels: boolean({ default: true, help: "Correct each row with the reference pixels on its sides" }),
    side_smoothing_length: integer({ default: 11, help: "Rows in the running median of the side pixels" }),
    side_gain: float({ default: 1, help: "Factor on the signal of the side pixels" }),
    odd_even_rows: boolean({ default: true, help: "Separate levels for odd and even rows (MIRI)" }),
    ovr_corr_mitigation_ftr: float({
      default: 3,
      help: "Standard deviations above which an interleaved reference pixel is bad (IRS2)",
    }),
    preserve_irs2_refpix: boolean({
      default: false,
      help: "Keep the interleaved reference pixels in the result (IRS2)",
    }),
    irs2_mean_subtraction: boolean({ default: false, help: "Subtract levels of the amplifiers first (IRS2)" }),
    refpix_algorithm: option(["median", "sirs"], {
      default: "median",
      help: "How side pixels are smoothed: running median, or optimised convolution",
    }),
    sigreject: float({ default: 4, help: "Standard deviations above which a side pixel is bad (sirs)" }),
    gaussmooth: float({ default: 1, help: "Width of the Gaussian that smooths the convolution kernel (sirs)" }),
    halfwidth: integer({ default: 30, help: "Half-width of the convolution kernel (sirs)" }),
    siglimit: float({ default: 3, help: "Clipping limit of the levels, in standard deviations" }),
  },
  references: [ref("refpix", { needs: isIrs2 }), ref("sirskernel", { optional: true, needs: wantsSirs })],
  load: () => import("./process.js"),
});
