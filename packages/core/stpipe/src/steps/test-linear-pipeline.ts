import { defineLinearPipeline, type LinearTypes } from "../pipeline/linear.js";
import type { Pipeline } from "../pipeline/types.js";
import { defineStep } from "../step/define.js";
import type { Step } from "../step/types.js";

const passing = (alias: string, className: string): Step =>
  defineStep({
    alias,
    className,
    classPath: `stpipe.test.${className}`,
    description: "Gives its input back.",
    input: "JwstDataModel",
    output: "JwstDataModel",
    calStep: null,
    parameters: {},
    load: async () => ({ process: (input: unknown) => input }),
  }) as unknown as Step;

/** A linear pipeline of two steps that do nothing, to try running a part of one. */
export const TestLinearPipeline: Pipeline<LinearTypes> = defineLinearPipeline({
  alias: "test_linear_pipeline",
  className: "TestLinearPipeline",
  classPath: "jwst.pipeline.TestLinearPipeline",
  description: "Two steps that do nothing.",
  steps: [
    ["first", passing("first", "FirstStep")],
    ["second", passing("second", "SecondStep")],
  ],
});
