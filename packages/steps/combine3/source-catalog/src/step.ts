import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  floatList,
  integer,
  option,
  type Param,
  ref,
  type Step,
  string,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type SourceCatalogSpecs = {
  suffix: Param<string | null>;
  aperture_ee1: Param<number>;
  aperture_ee2: Param<number>;
  aperture_ee3: Param<number>;
  ci1_star_threshold: Param<number>;
  ci2_star_threshold: Param<number>;
  starfinder: Param<"dao" | "iraf" | "segmentation">;
  snr_threshold: Param<number>;
  bkg_boxsize: Param<number>;
  kernel_fwhm: Param<number>;
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
};

type References = readonly [
  TypedReference<"apcorr", never, true>,
  TypedReference<"abvegaoffset", "ABVegaOffsetModel", true>,
];

/** Catalog of the sources of a mosaic; the result is a table. Importing this loads no numeric code. */
export const SourceCatalogStep: Step<DeclaredTypes<"ImageModel", "ImageModel", SourceCatalogSpecs, References>> =
  defineStep({
    alias: "source_catalog",
    className: "SourceCatalogStep",
    classPath: "jwst.source_catalog.SourceCatalogStep",
    description: "Make a catalog of the sources of a mosaic: photometry and shapes.",
    input: "ImageModel",
    output: "ImageModel",
    calStep: null,
    suffix: "cat",
    parameters: {
      suffix: string({ default: "cat", help: "Last part of the name of the catalog" }),
      aperture_ee1: integer({ default: 30, help: "Encircled energy of the smallest aperture [percent]" }),
      aperture_ee2: integer({ default: 50, help: "Encircled energy of the middle aperture [percent]" }),
      aperture_ee3: integer({ default: 70, help: "Encircled energy of the largest aperture [percent]" }),
      ci1_star_threshold: float({ default: 2.0, help: "Stars have a first concentration index below this" }),
      ci2_star_threshold: float({ default: 1.8, help: "Stars have a second concentration index below this" }),
      starfinder: option(["dao", "iraf", "segmentation"], { default: "segmentation", help: "How sources are found" }),
      snr_threshold: float({ default: 3.0, help: "Threshold above the background [its noise]" }),
      bkg_boxsize: integer({ default: 1000, help: "Side of the boxes of the background [pixel]" }),
      kernel_fwhm: float({ default: 2.0, help: "Width of the Gaussian kernel, FWHM [pixel]" }),
      minsep_fwhm: float({ default: 0.0, help: "dao, iraf: smallest distance of two sources [FWHM]" }),
      sigma_radius: float({ default: 1.5, help: "dao, iraf: truncation radius of the kernel [sigma]" }),
      sharplo: float({ default: 0.5, help: "dao, iraf: lowest sharpness" }),
      sharphi: float({ default: 2.0, help: "dao, iraf: highest sharpness" }),
      roundlo: float({ default: 0.0, help: "dao, iraf: lowest roundness" }),
      roundhi: float({ default: 0.2, help: "dao, iraf: highest roundness" }),
      brightest: integer({ default: 200, help: "dao, iraf: number of brightest sources to keep" }),
      peakmax: float({ help: "dao, iraf: highest value of the brightest pixel of a source" }),
      npixels: integer({ default: 25, help: "segmentation: fewest connected pixels" }),
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
        help: "segmentation: what is done about neighbours in Kron apertures; no column depends on it",
      }),
      kron_params: floatList({ min: 2, max: 3, help: "segmentation: Kron apertures; no column depends on it" }),
      deblend: boolean({ default: true, help: "segmentation: split segments of several sources" }),
    },
    references: [ref("apcorr", { optional: true }), ref("abvegaoffset", { optional: true })],
    load: () => import("./process.js"),
  });
