import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  intList,
  option,
  type Param,
  ref,
  type Step,
  string,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type CleanFlickerNoiseSpecs = {
  autoparam: Param<boolean>;
  fit_method: Param<"fft" | "median">;
  fit_by_channel: Param<boolean>;
  background_method: Param<"median" | "model" | "median_image" | null>;
  background_box_size: Param<readonly number[] | null>;
  mask_science_regions: Param<boolean>;
  apply_flat_field: Param<boolean>;
  n_sigma: Param<number>;
  fit_histogram: Param<boolean>;
  single_mask: Param<boolean>;
  user_mask: Param<string | null>;
  save_mask: Param<boolean>;
  save_background: Param<boolean>;
  save_noise: Param<boolean>;
};

type Flat = TypedReference<"flat", "FlatModel", true>;
type Traces = TypedReference<"pastasoss", "PastasossModel", true>;

/** Removal of 1/f noise from ramps and rates. Importing this loads no numeric code. */
export const CleanFlickerNoiseStep: Step<
  DeclaredTypes<
    readonly ["RampModel", "ImageModel", "CubeModel"],
    readonly ["RampModel", "ImageModel", "CubeModel"],
    CleanFlickerNoiseSpecs,
    readonly [Flat, Traces]
  >
> = defineStep({
  alias: "clean_flicker_noise",
  className: "CleanFlickerNoiseStep",
  classPath: "jwst.clean_flicker_noise.CleanFlickerNoiseStep",
  description: "Fit and subtract 1/f noise.",
  input: ["RampModel", "ImageModel", "CubeModel"],
  output: ["RampModel", "ImageModel", "CubeModel"],
  skip: true,
  parameters: {
    autoparam: boolean({
      default: false,
      help: "Choose flat, background and channels by looking at the data (NIRCam and NIRISS images)",
    }),
    fit_method: option(["fft", "median"], {
      default: "median",
      help: "Noise as the median along the slow axis, or in frequency space (NIRSpec)",
    }),
    fit_by_channel: boolean({ default: false, help: "Fit the four channels of a full frame separately" }),
    background_method: option(["median", "model", "median_image", null], {
      default: "median",
      help: "Background that is taken out first: a level, a smooth model, the median over integrations, or none",
    }),
    background_box_size: intList({ min: 2, max: 2, help: "Rows and columns of the boxes of the background model" }),
    mask_science_regions: boolean({ default: false, help: "Leave out regions that are known to hold science" }),
    apply_flat_field: boolean({ default: false, help: "Divide by the flat before fitting" }),
    n_sigma: float({ default: 2, help: "Signal is above this many sigma; 0 keeps all pixels" }),
    fit_histogram: boolean({ default: false, help: "Take sigma from a Gaussian fitted to the histogram" }),
    single_mask: boolean({ default: true, help: "One mask for all integrations" }),
    user_mask: string({ help: "File with a mask to use: nonzero where a pixel is background" }),
    save_mask: boolean({ default: false, help: "Save the mask" }),
    save_background: boolean({ default: false, help: "Save the background" }),
    save_noise: boolean({ default: false, help: "Save the noise that was subtracted" }),
  },
  references: [ref("flat", { optional: true, manual: true }), ref("pastasoss", { optional: true, manual: true })],
  load: () => import("./process.js"),
});
