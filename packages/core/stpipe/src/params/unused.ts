import type { Param } from "./types.js";

/**
 * Warn about parameters that were given although they change nothing, so that nobody waits for their effect.
 * @param step - the step that declares them
 * @param names - parameters that are accepted because the reference implementation has them
 */
export function warnUnused(
  step: { readonly parameters: Readonly<Record<string, Param>> },
  params: Readonly<Record<string, unknown>>,
  names: readonly string[],
  log: { warn(message: string): void },
): void {
  for (const name of names)
    if (params[name] !== undefined && params[name] !== step.parameters[name]?.default)
      log.warn(`${name}=${String(params[name])} has no effect, as in the reference implementation`);
}
