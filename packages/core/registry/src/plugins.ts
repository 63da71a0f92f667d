import { describeError, PluginError } from "@calwebb/errors";
import type { Step } from "@calwebb/stpipe";
import { entryOf, type StepEntry } from "./entry.js";
import { checkVersion } from "./registry.js";

/** The `calwebb` field of a plugin's package.json. */
export interface PluginManifest {
  readonly name: string;
  /** Module that exports the steps, relative to the package: `"./dist/steps.js"`. */
  readonly steps: string;
}

/** How plugins are found and loaded; the command line gives Node's ways. */
export interface PluginLoader {
  /** Text of the package.json of a package; undefined when it is not installed. */
  manifest(name: string): Promise<string | undefined>;
  /** Import a module of a package. */
  importModule(name: string, path: string): Promise<Record<string, unknown>>;
}

const isStep = (value: unknown): value is Step =>
  typeof value === "object" && value !== null && "apiVersion" in value && "alias" in value && "load" in value;

/** What a package.json says about steps; undefined when it says nothing. @throws {PluginError} for something unusable */
export function readManifest(name: string, text: string): PluginManifest | undefined {
  let content: { calwebb?: unknown };
  try {
    content = JSON.parse(text) as { calwebb?: unknown };
  } catch (cause) {
    throw new PluginError(`plugin ${name}: its package.json is no JSON`, { file: name, cause });
  }
  const field = content.calwebb;
  if (field === undefined || field === null) return undefined;
  const steps = (field as { steps?: unknown }).steps;
  if (steps === undefined) return undefined;
  if (typeof steps !== "string" || !steps.startsWith("./"))
    throw new PluginError(`plugin ${name}: "calwebb.steps" in its package.json must be a path like "./dist/steps.js"`, {
      file: name,
      got: JSON.stringify(steps),
    });
  return { name, steps };
}

/** Steps among the exports of a module: single ones, and lists of them. */
export function stepsOf(module: Readonly<Record<string, unknown>>): Step[] {
  const found = new Set<Step>();
  for (const value of Object.values(module))
    for (const item of Array.isArray(value) ? value : [value]) if (isStep(item)) found.add(item);
  return [...found];
}

/**
 * Entries of the steps that an installed package brings.
 * @throws {PluginError} when it is not installed, declares no steps, cannot be imported or was made for another version
 */
export async function loadPlugin(name: string, loader: PluginLoader): Promise<StepEntry[]> {
  const text = await loader.manifest(name);
  if (text === undefined)
    throw new PluginError(`plugin ${name} is not installed; install it beside calwebb`, { file: name });
  const manifest = readManifest(name, text);
  if (!manifest)
    throw new PluginError(`${name} is no plugin: its package.json has no "calwebb": {"steps": "./..."}`, {
      file: name,
    });
  let module: Record<string, unknown>;
  try {
    module = await loader.importModule(name, manifest.steps);
  } catch (cause) {
    throw new PluginError(`plugin ${name}: cannot import ${manifest.steps}: ${describeError(cause)}`, {
      file: name,
      cause,
    });
  }
  const steps = stepsOf(module);
  if (steps.length === 0) throw new PluginError(`plugin ${name}: ${manifest.steps} exports no step`, { file: name });
  for (const step of steps) checkVersion(step.alias, step.apiVersion, name);
  return steps.map((step) => entryOf(step, name));
}
