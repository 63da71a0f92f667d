import type { CallParams, OutputOf, Step, StepTypes } from "../step/types.js";
import type { RunOptions } from "./options.js";

/** {@link RunOptions} with the parameters among them. */
export interface RunStepOptions<T extends StepTypes = StepTypes> extends RunOptions {
  params?: CallParams<T>;
}

/**
 * Run a step: `await runStep(JumpStep, model, { params: {...}, references: { gain, readnoise } })`.
 * The input is left as it is unless `consume` is set.
 * @throws {StepFailed} naming the step and the file, with the reason as cause
 */
export async function runStep<S extends Step>(
  step: S,
  input: unknown,
  options: RunStepOptions<NonNullable<S["types"]>> = {},
): Promise<OutputOf<S>> {
  const { params, ...rest } = options;
  const { callStep } = await import("./configure.js");
  return (await callStep(step, input, (params ?? {}) as Record<string, unknown>, rest)) as OutputOf<S>;
}

/** Settle the parameters of a step without running it; see the module that does it. */
export const configure: typeof import("./configure.js").configure = async (step, inputs, params, options) =>
  (await import("./configure.js")).configure(step, inputs, params, options);
