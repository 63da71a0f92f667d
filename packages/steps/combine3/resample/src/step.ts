import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  floatList,
  integer,
  intList,
  option,
  type Param,
  type Step,
  string,
} from "@calwebb/stpipe";

type Kernel = "square" | "gaussian" | "point" | "turbo" | "lanczos2" | "lanczos3";

/** Parameters of the step. */
export type ResampleSpecs = {
  pixfrac: Param<number>;
  kernel: Param<Kernel>;
  fillval: Param<string>;
  weight_type: Param<"ivm" | "exptime" | null>;
  output_shape: Param<readonly number[] | null>;
  crpix: Param<readonly number[] | null>;
  crval: Param<readonly number[] | null>;
  rotation: Param<number | null>;
  pixel_scale_ratio: Param<number>;
  pixel_scale: Param<number | null>;
  output_wcs: Param<string>;
  single: Param<boolean>;
  blendheaders: Param<boolean>;
  in_memory: Param<boolean>;
  enable_ctx: Param<boolean>;
  enable_err: Param<boolean>;
  report_var: Param<boolean>;
  propagate_dq: Param<boolean>;
  pixmap_stepsize: Param<number>;
  pixmap_order: Param<number>;
};

/** Drizzled images of one or many exposures. Importing this loads no numeric code. */
export const ResampleStep: Step<
  DeclaredTypes<readonly ["ModelContainer", "ImageModel"], "ImageModel", ResampleSpecs, readonly []>
> = defineStep({
  alias: "resample",
  className: "ResampleStep",
  classPath: "jwst.resample.ResampleStep",
  description: "Combine dithered exposures on one grid by drizzling.",
  input: ["ModelContainer", "ImageModel"],
  output: "ImageModel",
  parameters: {
    pixfrac: float({ default: 1, min: 0, max: 1, help: "Side of the drop in units of the input pixel" }),
    kernel: option(["square", "gaussian", "point", "turbo", "lanczos2", "lanczos3"], {
      default: "square",
      help: "How the flux of a pixel is spread over the output",
    }),
    fillval: string({ default: "NAN", help: "Value of output pixels without data" }),
    weight_type: option(["ivm", "exptime", null], {
      default: "ivm",
      help: "Weight of input pixels: inverse read noise variance, exposure time, all alike",
    }),
    output_shape: intList({ min: 2, max: 2, help: "Size of the output: x, y [pixel]" }),
    crpix: floatList({ min: 2, max: 2, help: "Reference pixel of the output: x, y, counted from 0" }),
    crval: floatList({ min: 2, max: 2, help: "Reference point of the output: right ascension, declination [deg]" }),
    rotation: float({ help: "Position angle of the Y axis of the output [deg]" }),
    pixel_scale_ratio: float({ default: 1, help: "Size of output pixels over input pixels" }),
    pixel_scale: float({ help: "Size of output pixels [arcsec]; wins over the ratio" }),
    output_wcs: string({
      default: "",
      help: "ASDF file with the WCS of the output; wins over the other WCS parameters",
    }),
    single: boolean({ default: false, help: "Resample each group of exposures to an image of its own" }),
    blendheaders: boolean({ default: true, help: "Blend the metadata of the exposures" }),
    in_memory: boolean({ default: true, help: "Keep the exposures in memory" }),
    enable_ctx: boolean({ default: true, help: "Make the context: which exposures went into which pixel" }),
    enable_err: boolean({ default: true, help: "Make the error" }),
    report_var: boolean({ default: true, help: "Keep the variances" }),
    propagate_dq: boolean({ default: false, help: "Unite the DQ flags of what went into a pixel" }),
    pixmap_stepsize: float({ default: 1, help: "Evaluate the WCS every so many pixels and interpolate between" }),
    pixmap_order: integer({ default: 1, help: "Order of that interpolation: 1 or 3" }),
  },
  load: () => import("./process.js"),
});
