import type { Step } from "@calwebb/stpipe";

/** What is known about a step before it is loaded. */
export interface StepEntry {
  /** Name on command lines: `jump`. */
  readonly alias: string;
  readonly className: string;
  /** Path of the class in the reference implementation. */
  readonly classPath: string;
  readonly kind?: "step" | "pipeline";
  /** One sentence for lists. */
  readonly description?: string;
  /** Package that the step comes from; part of `owner::alias` when two packages have the same alias. */
  readonly owner?: string;
  /** Version of the step contract, when it is known without loading. */
  readonly apiVersion?: number;
  /** Load the step itself. */
  readonly load: () => Promise<Step>;
}

/** An entry for a step that is loaded already. */
export function entryOf(step: Step, owner?: string): StepEntry {
  return {
    alias: step.alias,
    className: step.className,
    classPath: step.classPath,
    kind: step.kind,
    description: step.description,
    apiVersion: step.apiVersion,
    ...(owner ? { owner } : {}),
    load: async () => step,
  };
}
