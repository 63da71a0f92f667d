import type { CallParams, OutputOf, Step, StepTypes } from "../step/types.js";
import { makeNode } from "./node.js";
import type { RunOptions } from "./options.js";
import { runNode } from "./run-node.js";
import { makeSession } from "./session.js";

/** Run a step on a file or a model with parameters given as values. */
export async function callStep(
  step: Step,
  input: unknown,
  params: Readonly<Record<string, unknown>>,
  options: RunOptions = {},
): Promise<unknown> {
  const session = await makeSession(options);
  const node = makeNode(step, params, options.name ?? step.className);
  return runNode(node, session, [input, ...(options.more ?? [])], options.consume ?? false);
}

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
  return (await callStep(step, input, (params ?? {}) as Record<string, unknown>, rest)) as OutputOf<S>;
}
