import { type FinderSpecs, finderParameters, type SipSpecs, sipParameters } from "@calwebb/step-parameters";
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
export type TweakRegSpecs = {
  output_use_model: Param<boolean>;
  save_catalogs: Param<boolean>;
  use_custom_catalogs: Param<boolean>;
  catalog_format: Param<string>;
  catfile: Param<string>;
  enforce_user_order: Param<boolean>;
  expand_refcat: Param<boolean>;
  minobj: Param<number>;
  fitgeometry: Param<"shift" | "rshift" | "rscale" | "general">;
  nclip: Param<number>;
  sigma: Param<number>;
  searchrad: Param<number>;
  use2dhist: Param<boolean>;
  separation: Param<number>;
  tolerance: Param<number>;
  xoffset: Param<number>;
  yoffset: Param<number>;
  abs_refcat: Param<string>;
  save_abs_catalog: Param<boolean>;
  abs_minobj: Param<number>;
  abs_fitgeometry: Param<"shift" | "rshift" | "rscale" | "general">;
  abs_nclip: Param<number>;
  abs_sigma: Param<number>;
  abs_searchrad: Param<number>;
  abs_use2dhist: Param<boolean>;
  abs_separation: Param<number>;
  abs_tolerance: Param<number>;
  in_memory: Param<boolean>;
} & FinderSpecs &
  SipSpecs;

const { starfinder, snr_threshold, kernel_fwhm, ...finder } = finderParameters({
  starfinder: "iraf",
  snr_threshold: 10.0,
  bkg_boxsize: 400,
  kernel_fwhm: 2.5,
  npixels: 10,
});

/** Alignment of exposures by their sources. Importing this loads no numeric code. */
export const TweakRegStep: Step<
  DeclaredTypes<readonly ["ModelContainer"], "ModelContainer", TweakRegSpecs, readonly []>
> = defineStep({
  alias: "tweakreg",
  className: "TweakRegStep",
  classPath: "jwst.tweakreg.TweakRegStep",
  description: "Align exposures with each other and with a catalog by their sources.",
  input: ["ModelContainer"],
  output: "ModelContainer",
  parameters: {
    output_use_model: boolean({ default: true, help: "Name the products after the exposures" }),
    save_catalogs: boolean({ default: false, help: "Write the catalogs of sources" }),
    use_custom_catalogs: boolean({ default: false, help: "Use catalogs of the user" }),
    catalog_format: string({ default: "ecsv", help: "Format of written catalogs: ecsv or fits" }),
    catfile: string({ default: "", help: "File with the names of exposures and their catalogs" }),
    starfinder,
    snr_threshold,
    kernel_fwhm,
    ...finder,
    enforce_user_order: boolean({ default: false, help: "Align in the order of the association" }),
    expand_refcat: boolean({ default: false, help: "Add aligned sources to the reference" }),
    minobj: integer({ default: 15, help: "Fewest matches of a fit" }),
    fitgeometry: option(["shift", "rshift", "rscale", "general"], {
      default: "rshift",
      help: "Transformation that is fitted",
    }),
    nclip: integer({ default: 3, min: 0, help: "Rounds of clipping" }),
    sigma: float({ default: 3.0, min: 0.0, help: "Clipping limit [rms]" }),
    searchrad: float({ default: 2.0, help: "Largest offset [arcsec]" }),
    use2dhist: boolean({ default: true, help: "Find the offset from a histogram of differences" }),
    separation: float({ default: 1.0, help: "Smallest distance of two sources in a match [arcsec]" }),
    tolerance: float({ default: 0.7, help: "Largest distance of a match [arcsec]" }),
    xoffset: float({ default: 0.0, help: "First guess of the offset in x [arcsec]" }),
    yoffset: float({ default: 0.0, help: "First guess of the offset in y [arcsec]" }),
    abs_refcat: string({
      default: "",
      help: "File with a catalog of positions (RA, DEC or sky_centroid, perhaps weight), ECSV, CSV or FITS",
    }),
    save_abs_catalog: boolean({
      default: false,
      help: "Write an absolute catalog that came from a network; one that is a file already is not copied",
    }),
    abs_minobj: integer({ default: 15, help: "Absolute: fewest matches of a fit" }),
    abs_fitgeometry: option(["shift", "rshift", "rscale", "general"], {
      default: "rshift",
      help: "Absolute: transformation that is fitted",
    }),
    abs_nclip: integer({ default: 3, min: 0, help: "Absolute: rounds of clipping" }),
    abs_sigma: float({ default: 3.0, min: 0.0, help: "Absolute: clipping limit [rms]" }),
    abs_searchrad: float({ default: 6.0, help: "Absolute: largest offset [arcsec]" }),
    abs_use2dhist: boolean({ default: true, help: "Absolute: find the offset from a histogram of differences" }),
    abs_separation: float({ default: 1.0, help: "Absolute: smallest distance of two sources in a match [arcsec]" }),
    abs_tolerance: float({ default: 0.7, help: "Absolute: largest distance of a match [arcsec]" }),
    ...sipParameters(),
    in_memory: boolean({ default: true, help: "Keep all exposures in memory" }),
  },
  load: () => import("./process.js"),
}) as never;
