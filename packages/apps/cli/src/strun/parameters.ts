import { isCalwebbError, UsageError } from "@calwebb/errors";
import { type ConfigObject, parseValue, type Step, suggest } from "@calwebb/stpipe";

const MORE = ["config_file", "name", "class"];

/** Names that a command line may give to a step, `steps.<alias>.<name>` for those of a pipeline. */
export function parameterNames(step: Step, prefix = ""): string[] {
  const names = Object.keys(step.allParameters).map((name) => prefix + name);
  for (const [alias, child] of Object.entries(step.steps)) {
    const inner = `${prefix}steps.${alias}.`;
    names.push(...parameterNames(child, inner), ...MORE.map((name) => inner + name));
  }
  return names;
}

/** Names to offer for one that is not known; the last part counts most. */
function nearest(name: string, known: readonly string[]): string | undefined {
  const last = name.slice(name.lastIndexOf(".") + 1);
  const sameEnd = known.filter((k) => k.endsWith(`.${last}`));
  if (!name.includes(".") && sameEnd.length > 0) return sameEnd[0];
  return suggest(name, known);
}

/**
 * Parameters of a command line as nested values, `steps.jump.skip=true` as `{steps: {jump: {skip: "true"}}}`.
 * @throws {UsageError} for an unknown name (with a suggestion) or a value that cannot be read
 */
export function nestParameters(step: Step, parameters: readonly (readonly [string, string])[]): ConfigObject {
  const known = parameterNames(step);
  const set = new Set(known);
  const out: ConfigObject = {};
  for (const [given, text] of parameters) {
    // Names of options are often written with dashes.
    const name = set.has(given) ? given : set.has(given.replaceAll("-", "_")) ? given.replaceAll("-", "_") : undefined;
    if (name === undefined) {
      const near = nearest(given, known);
      const hint = near ? `; did you mean --${near}?` : `; see the list with ${step.alias} -h`;
      throw new UsageError(`${step.alias} has no parameter --${given}${hint}`, { where: given });
    }
    let at = out;
    const path = name.split(".");
    for (const key of path.slice(0, -1)) at = (at[key] ??= {}) as ConfigObject;
    at[path[path.length - 1]] = readValue(name, text);
  }
  return out;
}

function readValue(name: string, text: string): unknown {
  try {
    return parseValue(text).value;
  } catch (cause) {
    if (isCalwebbError(cause)) throw new UsageError(`--${name}: ${cause.message}`, { where: name, got: text, cause });
    throw cause;
  }
}
