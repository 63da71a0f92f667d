import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { describeError } from "@calwebb/errors";
import { createRegistry, entryOf, loadPlugin, type PluginLoader, type Registry } from "@calwebb/registry";
import { type Step, SystemCall, TestLinearPipeline } from "@calwebb/stpipe";
import { stepEntries } from "./generated/steps.js";

/** Steps that belong to the framework itself. */
const frameworkEntries = [SystemCall, TestLinearPipeline].map((step) => entryOf(step as unknown as Step, "stpipe"));

/** Folder of an installed package, looked for from `folder` upwards as Node does. */
function packageFolder(name: string, folder: string): string | undefined {
  for (const base of createRequire(join(folder, "x.js")).resolve.paths(name) ?? []) {
    const found = join(base, name);
    if (existsSync(join(found, "package.json"))) return found;
  }
  return undefined;
}

/** Finds plugins in the `node_modules` of a project. */
export function nodePlugins(folder: string): PluginLoader {
  return {
    manifest: async (name) => {
      const found = packageFolder(name, folder);
      return found ? readFileSync(join(found, "package.json"), "utf8") : undefined;
    },
    importModule: async (name, path) =>
      import(pathToFileURL(join(packageFolder(name, folder) as string, path)).href) as Promise<Record<string, unknown>>,
  };
}

/** The nearest package.json, from a folder upwards. */
function projectManifest(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const file = join(at, "package.json");
    if (existsSync(file)) return file;
    if (dirname(at) === at) return undefined;
  }
}

/** Packages among the dependencies of the project that declare steps. */
export function discoverPlugins(folder: string): string[] {
  const file = projectManifest(folder);
  if (!file) return [];
  let manifest: { dependencies?: object; devDependencies?: object };
  try {
    manifest = JSON.parse(readFileSync(file, "utf8")) as typeof manifest;
  } catch {
    return [];
  }
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  return names.filter((name) => {
    if (name.startsWith("@calwebb/") || name === "calwebb") return false;
    const found = packageFolder(name, dirname(file));
    if (!found) return false;
    const text = readFileSync(join(found, "package.json"), "utf8");
    return text.includes('"calwebb"') && text.includes('"steps"');
  });
}

/**
 * Steps of this program and of plugins. A plugin that is found but cannot be used is passed over with a warning; one that is named
 * must work.
 */
export async function makeRegistry(
  folder: string,
  named: readonly string[],
  warn: (message: string) => void,
): Promise<Registry> {
  const loader = nodePlugins(folder);
  let registry = createRegistry([...stepEntries, ...frameworkEntries]);
  for (const name of new Set(named)) registry = registry.with(...(await loadPlugin(name, loader)));
  for (const name of discoverPlugins(folder)) {
    if (named.includes(name)) continue;
    try {
      registry = registry.with(...(await loadPlugin(name, loader)));
    } catch (error) {
      warn(`${describeError(error)} (passed over)`);
    }
  }
  return registry;
}
