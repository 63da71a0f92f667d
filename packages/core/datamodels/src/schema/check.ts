import { ValidationError } from "@calwebb/errors";
import { CHECKS, SCHEMAS } from "../generated/validators.js";
import type { ValidationPolicy } from "../model.js";
import type { LeafSchema } from "./decode.js";

function shown(value: unknown): string {
  const text = typeof value === "string" ? JSON.stringify(value) : String(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** What is wrong with a leaf's value, or undefined. */
export function leafProblem(path: string, value: unknown, schema: LeafSchema): string | undefined {
  if (schema.check < 0) {
    const problem = schema.test?.(value);
    return problem === undefined ? undefined : `${path}: ${shown(value)} ${problem}`;
  }
  const check = CHECKS[schema.check];
  if (check(value)) return undefined;
  const first = check.errors?.[0];
  if (first?.keyword === "type") return `${path}: ${shown(value)} is not of type ${schema.type}`;
  if (first?.keyword === "enum") {
    const allowed = first.params.allowedValues as unknown[];
    const list = allowed.length > 12 ? `${allowed.slice(0, 12).join(", ")}, ...` : allowed.join(", ");
    return `${path}: ${shown(value)} is not one of ${list}`;
  }
  return `${path}: ${shown(value)} ${first?.message ?? "does not fit the schema"}`;
}

/** JSON Schema (draft 4) of a leaf's values. */
export function leafJsonSchema(schema: LeafSchema): object {
  return schema.check < 0 ? {} : SCHEMAS[schema.check];
}

/**
 * Decide over a value with a problem.
 * @returns whether the value is to be set all the same
 * @throws {ValidationError} when validation is strict
 */
export function judge(problem: string | undefined, policy: ValidationPolicy): boolean {
  if (problem === undefined) return true;
  if (policy.strictValidation) throw new ValidationError(problem, { where: problem.split(":")[0] });
  policy.log?.warn(policy.passInvalidValues ? problem : `${problem}; the value is not set`);
  return policy.passInvalidValues === true;
}
