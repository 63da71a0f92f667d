import { ValidationError } from "@calwebb/errors";
import { coerce } from "./coerce.js";
import { suggest } from "./suggest.js";
import type { Param } from "./types.js";

/** Error for a name that is not a parameter. */
export function unknownParameter(name: string, known: readonly string[], owner: string): ValidationError {
  const near = suggest(name, known);
  const hint = near ? `; did you mean ${near}?` : "";
  return new ValidationError(`${owner} has no parameter "${name}"${hint}`, { where: name, step: owner });
}

/**
 * Values of all declared parameters: the given ones, checked and converted, defaults for the rest.
 * @param owner - name of the step, for messages
 * @throws {ValidationError} for an unknown name, a value of the wrong type or outside its limits, a missing value that is required
 */
export function resolveParams(
  specs: Readonly<Record<string, Param>>,
  given: Readonly<Record<string, unknown>>,
  owner: string,
): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [name, param] of Object.entries(specs)) {
    const value = given[name];
    if (value !== undefined) {
      out[name] = coerce(name, value, param);
      continue;
    }
    if (param.required)
      throw new ValidationError(`${owner} needs the parameter ${name}: ${param.help}`, { where: name, step: owner });
    out[name] = Array.isArray(param.default) ? [...param.default] : param.default;
  }
  for (const name of Object.keys(given))
    if (!(name in specs) && given[name] !== undefined) throw unknownParameter(name, Object.keys(specs), owner);
  return out;
}
