import { PluginError, UsageError, ValidationError } from "@calwebb/errors";
import { API_VERSION, type Step, suggest } from "@calwebb/stpipe";
import { entryOf, type StepEntry } from "./entry.js";

/** Steps by name. A value: adding gives a new registry. */
export interface Registry {
  readonly entries: readonly StepEntry[];
  /** Names that {@link Registry.find} takes, as one would type them. */
  readonly names: readonly string[];
  /** A registry with further steps. @throws {ValidationError} for a step that is there already, {PluginError} for another API version */
  with(...steps: readonly (StepEntry | Step)[]): Registry;
  /** An entry by alias, `owner::alias`, class name, class path; undefined when there is none. @throws {UsageError} when two steps have it */
  find(name: string): StepEntry | undefined;
  /** Load a step by any of its names. @throws {UsageError} with a suggestion when there is none */
  load(name: string): Promise<Step>;
}

const isEntry = (step: StepEntry | Step): step is StepEntry => !("parameters" in step);

/** @throws {PluginError} when a step was made for another version of the contract */
export function checkVersion(alias: string, version: number | undefined, owner?: string): void {
  if (version === undefined || version === API_VERSION) return;
  const from = owner ? ` of ${owner}` : "";
  const advice = version > API_VERSION ? "update calwebb" : `update ${owner ?? "the package of the step"}`;
  throw new PluginError(
    `step ${alias}${from} is made for version ${version} of the step interface, this is version ${API_VERSION}: ${advice}`,
    { step: alias, got: String(version), wanted: String(API_VERSION) },
  );
}

function index(entries: readonly StepEntry[]): Map<string, StepEntry[]> {
  const map = new Map<string, StepEntry[]>();
  const add = (key: string, entry: StepEntry): void => {
    const there = map.get(key);
    if (!there) map.set(key, [entry]);
    else if (!there.includes(entry)) there.push(entry);
  };
  for (const entry of entries) {
    for (const key of [entry.alias, entry.className, entry.classPath]) add(key, entry);
    if (entry.owner) add(`${entry.owner}::${entry.alias}`, entry);
  }
  return map;
}

/** Classes can be named through the modules that hold or re-export them: `jwst.step.JumpStep`, `jwst.jump.jump_step.JumpStep`. */
function classOf(name: string): string | undefined {
  return /^jwst(\.\w+)+$/.test(name) ? name.slice(name.lastIndexOf(".") + 1) : undefined;
}

/**
 * Make a registry.
 * @throws {ValidationError} when two entries of one owner have the same alias, or two the same class path
 */
export function createRegistry(steps: readonly (StepEntry | Step)[] = []): Registry {
  const entries: readonly StepEntry[] = Object.freeze(steps.map((s) => (isEntry(s) ? s : entryOf(s))));
  const seen = new Set<string>();
  for (const { alias, classPath, owner, apiVersion } of entries) {
    checkVersion(alias, apiVersion, owner);
    for (const key of [`${owner ?? ""}::${alias}`, classPath]) {
      if (seen.has(key))
        throw new ValidationError(
          `step ${alias} is registered twice${owner ? ` by ${owner}` : ""}; replace it or use another alias`,
          {
            step: alias,
          },
        );
      seen.add(key);
    }
  }
  const byName = index(entries);
  const names = [...new Set(entries.map(({ alias }) => alias))];

  const find = (name: string): StepEntry | undefined => {
    const className = classOf(name);
    const found = byName.get(name) ?? (className ? byName.get(className) : undefined) ?? [];
    if (found.length < 2) return found[0];
    const choices = found.map((e) => `${e.owner ?? "calwebb"}::${e.alias}`);
    throw new UsageError(`${name} names ${found.length} steps; write one of ${choices.join(", ")}`, { got: name });
  };

  return Object.freeze({
    entries,
    names,
    find,
    with: (...more: readonly (StepEntry | Step)[]) => createRegistry([...entries, ...more]),
    load: async (name: string) => {
      const entry = find(name);
      if (!entry) {
        const near = suggest(name, [...byName.keys()]);
        throw new UsageError(`there is no step or pipeline "${name}"${near ? `; did you mean ${near}?` : ""}`, {
          got: name,
        });
      }
      const step = await entry.load();
      checkVersion(step.alias, step.apiVersion, entry.owner);
      return step;
    },
  });
}
