import { REFERENCE_TYPES } from "@calwebb/nirspec-wcs/reference-types";
import { type SipSpecs, sipParameters } from "@calwebb/step-parameters";
import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  type Param,
  ref,
  type Step,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type AssignWcsSpecs = {
  slit_y_low: Param<number>;
  slit_y_high: Param<number>;
  nrs_ifu_slice_wcs: Param<boolean>;
} & SipSpecs;

type Inputs = readonly ["ImageModel", "CubeModel", "IFUImageModel"];
type References = readonly [
  TypedReference<"distortion", "DistortionModel", true>,
  TypedReference<"filteroffset", "FilteroffsetModel", true>,
];

/** References that only spectrographs have; their names are recorded all the same. */
const SPECTROGRAPHS = ["specwcs", "regions", ...REFERENCE_TYPES] as const;

/** World coordinates of an exposure. Importing this loads no numeric code. */
export const AssignWcsStep: Step<DeclaredTypes<Inputs, "ImageModel", AssignWcsSpecs, References>> = defineStep({
  alias: "assign_wcs",
  className: "AssignWcsStep",
  classPath: "jwst.assign_wcs.AssignWcsStep",
  description: "Give an exposure its world coordinates.",
  input: ["ImageModel", "CubeModel", "IFUImageModel"],
  output: "ImageModel",
  parameters: {
    ...sipParameters(),
    slit_y_low: float({ default: -0.55, help: "Lower edge of a slit (NIRSpec)" }),
    slit_y_high: float({ default: 0.55, help: "Upper edge of a slit (NIRSpec)" }),
    nrs_ifu_slice_wcs: boolean({ default: false, help: "Keep the slices of the NIRSpec IFU apart" }),
  },
  references: [
    ref("distortion", { optional: true, model: "DistortionModel" }),
    ref("filteroffset", { optional: true, model: "FilteroffsetModel" }),
    ...SPECTROGRAPHS.map((type) => ref(type, { optional: true, lazy: true })),
  ],
  load: () => import("./process.js"),
}) as never;
