import { AssignWcsStep } from "@calwebb/assign-wcs";
import { BackgroundStep } from "@calwebb/bkg-subtract";
import { FlatFieldStep } from "@calwebb/flat-field";
import { PhotomStep } from "@calwebb/photom";
import { ResampleStep } from "@calwebb/resample";
import { boolean, type DeclaredPipeline, definePipeline, type Param, type Pipeline, type Step } from "@calwebb/stpipe";

/** Parameters of the pipeline itself. */
export type Image2Specs = Readonly<{ save_bsub: Param<boolean> }>;

/** The pipeline's types. */
export type Image2Types = DeclaredPipeline<
  "ImageModel" | "CubeModel",
  "ImageModel" | "CubeModel",
  Image2Specs,
  Readonly<Record<"bkg_subtract" | "assign_wcs" | "flat_field" | "photom" | "resample", Step>>
>;

/** Count rates of images to calibrated exposures. Takes a file, an association of level 2, a model, or a list of them. */
export const Image2Pipeline: Pipeline<Image2Types> = definePipeline({
  alias: "calwebb_image2",
  className: "Image2Pipeline",
  classPath: "jwst.pipeline.Image2Pipeline",
  description: "Calibrate count rates of images: background, world coordinates, flat field, flux, picture on the sky.",
  input: ["ImageModel", "CubeModel"],
  output: ["ImageModel", "CubeModel"],
  takesFiles: true,
  associations: "level2",
  parameters: { save_bsub: boolean({ default: false, help: "Save the exposure after background subtraction" }) },
  steps: {
    bkg_subtract: BackgroundStep,
    assign_wcs: AssignWcsStep,
    flat_field: FlatFieldStep,
    photom: PhotomStep,
    resample: ResampleStep,
  },
  load: () => import("./process.js"),
}) as unknown as Pipeline<Image2Types>;
