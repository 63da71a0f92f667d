import { AlignRefsStep } from "@calwebb/align-refs";
import { KlipStep } from "@calwebb/klip";
import { OutlierDetectionStep } from "@calwebb/outlier-detection";
import { ResampleStep } from "@calwebb/resample";
import { StackRefsStep } from "@calwebb/stack-refs";
import { type DeclaredPipeline, definePipeline, type Param, type Pipeline, type Step, string } from "@calwebb/stpipe";

/** Parameters of the pipeline itself. */
export type Coron3Specs = Readonly<{ suffix: Param<string | null> }>;

/** The pipeline's types. */
export type Coron3Types = DeclaredPipeline<
  "CubeModel",
  "ImageModel",
  Coron3Specs,
  Readonly<Record<"stack_refs" | "align_refs" | "klip" | "outlier_detection" | "resample", Step>>
>;

/** Coronagraphic exposures and their references to one image. Takes an association with members of the types science and psf. */
export const Coron3Pipeline: Pipeline<Coron3Types> = definePipeline({
  alias: "calwebb_coron3",
  className: "Coron3Pipeline",
  classPath: "jwst.pipeline.Coron3Pipeline",
  description: "Subtract the PSF of reference stars from coronagraphic exposures and combine what is left.",
  input: ["ModelContainer"] as never,
  output: "ImageModel",
  prefetch: false,
  parameters: { suffix: string({ default: "i2d", help: "Last part of the name of the combined image" }) },
  steps: {
    stack_refs: StackRefsStep,
    align_refs: AlignRefsStep,
    klip: KlipStep,
    outlier_detection: OutlierDetectionStep,
    resample: ResampleStep,
  },
  load: () => import("./process.js"),
}) as unknown as Pipeline<Coron3Types>;
