import { AssignMTWcsStep } from "@calwebb/assign-mtwcs";
import { OutlierDetectionStep } from "@calwebb/outlier-detection";
import { ResampleStep } from "@calwebb/resample";
import { SkyMatchStep } from "@calwebb/skymatch";
import { SourceCatalogStep } from "@calwebb/source-catalog";
import { boolean, type DeclaredPipeline, definePipeline, type Param, type Pipeline, type Step } from "@calwebb/stpipe";
import { TweakRegStep } from "@calwebb/tweakreg";

/** Parameters of the pipeline itself. */
export type Image3Specs = Readonly<{ in_memory: Param<boolean> }>;

/** The pipeline's types. */
export type Image3Types = DeclaredPipeline<
  "ImageModel",
  "ImageModel",
  Image3Specs,
  Readonly<Record<"assign_mtwcs" | "tweakreg" | "skymatch" | "outlier_detection" | "resample" | "source_catalog", Step>>
>;

/** Calibrated images to one mosaic and a catalog of its sources. Takes an association, a file, a model or a list of models. */
export const Image3Pipeline: Pipeline<Image3Types> = definePipeline({
  alias: "calwebb_image3",
  className: "Image3Pipeline",
  classPath: "jwst.pipeline.Image3Pipeline",
  description: "Combine calibrated images to a mosaic: alignment, sky, outliers, drizzling, catalog of sources.",
  input: ["ModelContainer", "ImageModel"] as never,
  output: "ImageModel",
  parameters: {
    in_memory: boolean({ default: true, help: "Keep all exposures in memory; otherwise in temporary files" }),
  },
  steps: {
    assign_mtwcs: AssignMTWcsStep,
    tweakreg: TweakRegStep,
    skymatch: SkyMatchStep,
    outlier_detection: OutlierDetectionStep,
    resample: ResampleStep,
    source_catalog: SourceCatalogStep,
  },
  load: () => import("./process.js"),
}) as unknown as Pipeline<Image3Types>;
