import { type FinderSpecs, finderParameters } from "@calwebb/step-parameters";
import {
  type DeclaredTypes,
  defineStep,
  float,
  integer,
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
} & FinderSpecs;

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
      ...finderParameters({
        starfinder: "segmentation",
        snr_threshold: 3.0,
        bkg_boxsize: 1000,
        kernel_fwhm: 2.0,
        npixels: 25,
      }),
    },
    references: [ref("apcorr", { optional: true }), ref("abvegaoffset", { optional: true })],
    load: () => import("./process.js"),
  });
