import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  floatList,
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
  starfinder: Param<"dao" | "iraf" | "segmentation">;
  snr_threshold: Param<number>;
  kernel_fwhm: Param<number>;
  bkg_boxsize: Param<number>;
  minsep_fwhm: Param<number>;
  sigma_radius: Param<number>;
  sharplo: Param<number>;
  sharphi: Param<number>;
  roundlo: Param<number>;
  roundhi: Param<number>;
  brightest: Param<number>;
  peakmax: Param<number | null>;
  npixels: Param<number>;
  connectivity: Param<"4" | "8">;
  nlevels: Param<number>;
  contrast: Param<number>;
  multithresh_mode: Param<"exponential" | "linear" | "sinh">;
  localbkg_width: Param<number>;
  apermask_method: Param<"correct" | "mask" | "none">;
  kron_params: Param<readonly number[] | null>;
  deblend: Param<boolean>;
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
  sip_approx: Param<boolean>;
  sip_max_pix_error: Param<number>;
  sip_degree: Param<number | null>;
  sip_max_inv_pix_error: Param<number>;
  sip_inv_degree: Param<number | null>;
  sip_npoints: Param<number>;
  in_memory: Param<boolean>;
};

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
    catalog_format: string({ default: "ecsv", help: "Format of written catalogs: ecsv" }),
    catfile: string({ default: "", help: "File with the names of exposures and their catalogs" }),
    starfinder: option(["dao", "iraf", "segmentation"], { default: "iraf", help: "How sources are found" }),
    snr_threshold: float({ default: 10.0, help: "Threshold above the background [its noise]" }),
    kernel_fwhm: float({ default: 2.5, help: "Width of the Gaussian kernel, FWHM [pixel]" }),
    bkg_boxsize: integer({ default: 400, help: "Side of the boxes of the background [pixel]" }),
    minsep_fwhm: float({ default: 0.0, help: "dao, iraf: smallest distance of two sources [FWHM]" }),
    sigma_radius: float({ default: 1.5, help: "dao, iraf: truncation radius of the kernel [sigma]" }),
    sharplo: float({ default: 0.5, help: "dao, iraf: lowest sharpness" }),
    sharphi: float({ default: 2.0, help: "dao, iraf: highest sharpness" }),
    roundlo: float({ default: 0.0, help: "dao, iraf: lowest roundness" }),
    roundhi: float({ default: 0.2, help: "dao, iraf: highest roundness" }),
    brightest: integer({ default: 200, help: "dao, iraf: number of brightest sources to keep" }),
    peakmax: float({ help: "dao, iraf: highest value of the brightest pixel of a source" }),
    npixels: integer({ default: 10, help: "segmentation: fewest connected pixels" }),
    connectivity: option(["4", "8"], { default: "8", help: "segmentation: neighbours of a pixel" }),
    nlevels: integer({ default: 32, help: "segmentation: thresholds for deblending" }),
    contrast: float({ default: 0.001, help: "segmentation: share of the flux that makes a source of its own" }),
    multithresh_mode: option(["exponential", "linear", "sinh"], {
      default: "exponential",
      help: "segmentation: spacing of the thresholds",
    }),
    localbkg_width: integer({ default: 0, help: "segmentation: width of the ring for a local background [pixel]" }),
    apermask_method: option(["correct", "mask", "none"], {
      default: "correct",
      help: "segmentation: Kron apertures; positions do not depend on it",
    }),
    kron_params: floatList({ min: 2, max: 3, help: "segmentation: Kron apertures; positions do not depend on it" }),
    deblend: boolean({ default: true, help: "segmentation: split segments of several sources" }),
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
    abs_refcat: string({ default: "", help: "File with a catalog of positions (RA, DEC or sky_centroid)" }),
    save_abs_catalog: boolean({ default: false, help: "Write the absolute catalog that was used" }),
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
    sip_approx: boolean({ default: true, help: "Write a SIP approximation into the header" }),
    sip_max_pix_error: float({ default: 0.01, help: "Largest error of the SIP fit [pixel]" }),
    sip_degree: integer({ max: 6, help: "Degree of the SIP fit; None: the lowest that will do" }),
    sip_max_inv_pix_error: float({ default: 0.01, help: "Largest error of the inverse SIP fit [pixel]" }),
    sip_inv_degree: integer({ max: 6, help: "Degree of the inverse SIP fit; None: the lowest that will do" }),
    sip_npoints: integer({ default: 12, help: "Points per axis of the SIP fit" }),
    in_memory: boolean({ default: true, help: "Keep all exposures in memory" }),
  },
  load: () => import("./process.js"),
}) as never;
