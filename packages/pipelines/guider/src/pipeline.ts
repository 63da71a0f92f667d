import { DQInitStep } from "@calwebb/dq-init";
import { FlatFieldStep } from "@calwebb/flat-field";
import { GuiderCdsStep } from "@calwebb/guider-cds";
import { type DeclaredPipeline, definePipeline, type Param, type Pipeline, type Step } from "@calwebb/stpipe";

/** The pipeline's types. */
export type GuiderTypes = DeclaredPipeline<
  "GuiderRawModel" | "GuiderCalModel",
  "GuiderCalModel",
  Readonly<Record<never, Param>>,
  Readonly<Record<"dq_init" | "guider_cds" | "flat_field", Step>>
>;

/** Raw guider exposures (ID, ACQ1, ACQ2, TRACK, fine guide) to flat-fielded count rates. */
export const GuiderPipeline: Pipeline<GuiderTypes> = definePipeline({
  alias: "calwebb_guider",
  className: "GuiderPipeline",
  classPath: "jwst.pipeline.GuiderPipeline",
  description: "Calibrate raw guider exposures to flat-fielded count rates.",
  input: ["GuiderRawModel", "GuiderCalModel"],
  output: "GuiderCalModel",
  suffix: "cal",
  steps: { dq_init: DQInitStep, guider_cds: GuiderCdsStep, flat_field: FlatFieldStep },
  load: () => import("./process.js"),
}) as unknown as Pipeline<GuiderTypes>;
