import { OutlierDetectionStep } from "@calwebb/outlier-detection";
import { type DeclaredPipeline, definePipeline, type Pipeline, type Step } from "@calwebb/stpipe";
import { TSOPhotometryStep } from "@calwebb/tso-photometry";

/** The pipeline's types. */
export type Tso3Types = DeclaredPipeline<
  "CubeModel",
  "CubeModel",
  Readonly<Record<never, never>>,
  Readonly<Record<"outlier_detection" | "tso_photometry", Step>>
>;

/** Segments of an imaging time series to one table of photometry. Takes an association with members of the type science. */
export const Tso3Pipeline: Pipeline<Tso3Types> = definePipeline({
  alias: "calwebb_tso3",
  className: "Tso3Pipeline",
  classPath: "jwst.pipeline.Tso3Pipeline",
  description: "Flag outliers in the segments of an imaging time series and measure its source in every integration.",
  input: ["ModelContainer"] as never,
  output: "CubeModel",
  prefetch: false,
  parameters: {},
  steps: { outlier_detection: OutlierDetectionStep, tso_photometry: TSOPhotometryStep },
  load: () => import("./process.js"),
}) as unknown as Pipeline<Tso3Types>;
