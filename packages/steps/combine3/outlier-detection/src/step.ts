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

/** Parameters of the step. */
export type OutlierDetectionSpecs = {
  search_output_file: Param<boolean>;
  weight_type: Param<"ivm" | "exptime">;
  pixfrac: Param<number>;
  kernel: Param<"square" | "point" | "turbo">;
  fillval: Param<string>;
  maskpt: Param<number>;
  snr: Param<string>;
  scale: Param<string>;
  backg: Param<number>;
  kernel_size: Param<string>;
  threshold_percent: Param<number>;
  rolling_window_width: Param<number>;
  ifu_second_check: Param<boolean>;
  save_intermediate_results: Param<boolean>;
  resample_data: Param<boolean>;
  good_bits: Param<string>;
  in_memory: Param<boolean>;
  pixmap_stepsize: Param<number>;
  pixmap_order: Param<number>;
  mode: Param<"imaging" | "coron" | "tso" | null>;
};

type Inputs = readonly ["ModelContainer", "ImageModel", "CubeModel"];

/** Outliers among exposures or integrations. Importing this loads no numeric code. */
export const OutlierDetectionStep: Step<DeclaredTypes<Inputs, "ModelContainer", OutlierDetectionSpecs, readonly []>> =
  defineStep({
    alias: "outlier_detection",
    className: "OutlierDetectionStep",
    classPath: "jwst.outlier_detection.OutlierDetectionStep",
    description: "Flag cosmic rays and bad pixels that differ from the median of the exposures.",
    input: ["ModelContainer", "ImageModel", "CubeModel"],
    output: "ModelContainer",
    parameters: {
      search_output_file: boolean({ default: false, help: "Name products after the output file of the pipeline" }),
      weight_type: option(["ivm", "exptime"], {
        default: "ivm",
        help: "Weight of input pixels: inverse read noise variance or exposure time",
      }),
      pixfrac: float({ default: 1, min: 0, max: 1, help: "Side of the drop in units of the input pixel" }),
      kernel: option(["square", "point", "turbo"], {
        default: "square",
        help: "How the flux of a pixel is spread over the output",
      }),
      fillval: string({ default: "NAN", help: "Value of resampled pixels without data" }),
      maskpt: float({ default: 0.7, help: "Pixels below this fraction of the mean weight do not enter the median" }),
      snr: string({ default: "5.0 4.0", help: "Thresholds of the two passes [sigma]" }),
      scale: string({ default: "1.2 0.7", help: "Factors on the derivative of the model in the two passes" }),
      backg: float({ default: 0, help: "Background to add to the model" }),
      kernel_size: string({ default: "7 7", help: "Integral field units: size of the median filter" }),
      threshold_percent: float({
        default: 99.8,
        help: "Integral field units: percentile above which pixels are flagged",
      }),
      rolling_window_width: integer({ default: 25, help: "Time series: integrations per median" }),
      ifu_second_check: boolean({ default: false, help: "Integral field units: check the neighbours of outliers too" }),
      save_intermediate_results: boolean({
        default: false,
        help: "Save resampled images, medians and blotted medians",
      }),
      resample_data: boolean({ default: true, help: "Resample the exposures before taking the median" }),
      good_bits: string({ default: "~DO_NOT_USE", help: "DQ flags that do not matter" }),
      in_memory: boolean({ default: true, help: "Keep the exposures in memory" }),
      pixmap_stepsize: float({ default: 1, help: "Evaluate the WCS every so many pixels and interpolate between" }),
      pixmap_order: integer({ default: 1, help: "Order of that interpolation: 1 or 3" }),
      mode: option(["imaging", "coron", "tso", null], {
        extension: true,
        help: "What is compared: exposures, integrations, or integrations in a rolling window; None: what the type of the exposures needs",
      }),
    },
    load: () => import("./process.js"),
  }) as never;
