/**
 * Where each type of reference is: a path or URL, or `"N/A"` when the type does not apply to the data set. A type that the rules
 * leave out of the answer ("OMIT") is absent.
 */
export type ReferenceAnswers = Record<string, string>;

/** How a look-up is made. */
export interface FindOptions {
  /** Types whose failure is answered with `"N/A"` instead of an error (parameter references, optional references). */
  optional?: readonly string[];
  /** Context to use in place of the configured one: `jwst_1234.pmap`. */
  context?: string;
  /** Leave the files where they are: answer with their place in the cache without downloading. */
  download?: boolean;
  signal?: AbortSignal;
}

/** Finds reference files for a data set. CRDS, a reference set and a plain function of the caller all fit. */
export interface ReferenceResolver {
  /**
   * The best reference of every type for a data set, each present where the answer says.
   * @param header - flat metadata, `meta.instrument.name` -> value; values are strings, numbers or booleans, others are left out
   * @param types - reference types, lower case (`"dark"`, `"pars-jumpstep"`)
   * @throws {ReferenceNotFound} when a type that is not optional has no answer; the message names the type, the context, what was
   *   looked for and the `--override_<type>` that gives a file by hand
   */
  find(header: Record<string, unknown>, types: readonly string[], options?: FindOptions): Promise<ReferenceAnswers>;
  /** Name of the context in use, e.g. `jwst_1234.pmap`; empty when there is none (a reference set). */
  context(): Promise<string>;
  /**
   * Look up and download many types at once, so that later `find` calls are answered locally. A type without an answer is no error
   * here: it fails when it is asked for.
   */
  prefetch(header: Record<string, unknown>, types: readonly string[], options?: FindOptions): Promise<ReferenceAnswers>;
}
