import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  integer,
  type Param,
  ref,
  type Step,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type TSOPhotometrySpecs = {
  save_catalog: Param<boolean>;
  radius: Param<number>;
  radius_inner: Param<number>;
  radius_outer: Param<number>;
  centroid_source: Param<boolean>;
  search_box_width: Param<number>;
  fit_box_width: Param<number>;
  moving_centroid: Param<boolean>;
};

type Gain = TypedReference<"gain", never, true>;

/** Photometry of imaging time series; the result is a catalog. Importing this loads no numeric code. */
export const TSOPhotometryStep: Step<DeclaredTypes<"CubeModel", "CubeModel", TSOPhotometrySpecs, readonly [Gain]>> =
  defineStep({
    alias: "tso_photometry",
    className: "TSOPhotometryStep",
    classPath: "jwst.tso_photometry.TSOPhotometryStep",
    description: "Measure the source of an imaging time series in every integration.",
    input: "CubeModel",
    output: "CubeModel",
    calStep: null,
    parameters: {
      save_catalog: boolean({ default: false, help: "Write the catalog of the exposure" }),
      radius: float({ default: 3.0, help: "Radius of the aperture [pixel]" }),
      radius_inner: float({ default: 4.0, help: "Inner radius of the background annulus [pixel]" }),
      radius_outer: float({ default: 5.0, help: "Outer radius of the background annulus [pixel]" }),
      centroid_source: boolean({ default: true, help: "Find the centroid of the source first" }),
      search_box_width: integer({ default: 41, help: "Side of the box of the first search [pixel]; odd" }),
      fit_box_width: integer({ default: 11, help: "Side of the box of the final centroid [pixel]; odd" }),
      moving_centroid: boolean({ default: false, help: "Put the aperture on the centroid of every integration" }),
    },
    // Only data in DN/s need it.
    references: [ref("gain", { optional: true })],
    load: () => import("./process.js"),
  }) as never;
