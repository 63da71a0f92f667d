import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { type RuleSource, rulesOf } from "@calwebb/associations";
import { UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";
import { exists, isFolder } from "./files.js";

type Module = Record<string, unknown>;

/** A module of rules as the user names it. */
export interface RuleModule {
  readonly name: string;
  load(): Promise<Module>;
  /** Where workers find it. */
  url(): string;
}

const STAGES: Readonly<Record<string, () => Promise<Module>>> = {
  "@calwebb/asn-level2": () => import("@calwebb/asn-level2"),
  "@calwebb/asn-level3": () => import("@calwebb/asn-level3"),
};

/** The packages with the rules of stages 2 and 3. */
export const stageRuleModules = (): RuleModule[] =>
  Object.entries(STAGES).map(([name, load]) => ({
    name,
    load,
    url: () => pathToFileURL(entryOfPackage(name, import.meta.url) as string).href,
  }));

const moduleAt = (name: string, path: string): RuleModule => {
  const { href } = pathToFileURL(path);
  return { name, load: () => import(href) as Promise<Module>, url: () => href };
};

/**
 * Where a module of rules is: a file, or a package that is installed in the project of the working folder, or one that comes
 * with this program.
 */
export function findRuleModule(surroundings: Surroundings, name: string): RuleModule {
  if ((exists(surroundings, name) && !isFolder(surroundings, name)) || /^[./~]/.test(name))
    return moduleAt(name, resolve(surroundings.cwd, name));
  const stage = stageRuleModules().find((m) => m.name === name);
  if (stage !== undefined) return stage;
  for (const from of [join(surroundings.cwd, "package.json"), import.meta.url]) {
    const entry = entryOfPackage(name, from);
    if (entry !== undefined) return moduleAt(name, entry);
  }
  throw new UsageError(`--rules ${name}: there is neither such a file nor such a package`, { file: name });
}

function entryOfPackage(name: string, from: string): string | undefined {
  const { resolve: find } = createRequire(from);
  try {
    return find(name);
  } catch {
    // Packages that can only be imported: their manifest says what.
  }
  for (const folder of find.paths(name) ?? []) {
    const file = join(folder, name, "package.json");
    if (!existsSync(file)) continue;
    const { exports } = JSON.parse(readFileSync(file, "utf8")) as { exports?: Exports };
    const entry = importEntry(exports);
    if (entry !== undefined) return realpathSync(join(folder, name, entry));
  }
  return undefined;
}

type Exports = string | { readonly [key: string]: Exports };

/** What `exports` of a manifest gives to an import of the package itself. */
function importEntry(exports: Exports | undefined): string | undefined {
  if (exports === undefined || typeof exports === "string") return exports;
  for (const key of [".", "node", "import", "default"]) {
    const entry = key in exports ? importEntry(exports[key]) : undefined;
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** Load modules of rules. @throws {UsageError} when one cannot be loaded or has no rules */
export async function importRules(modules: readonly RuleModule[]): Promise<RuleSource[]> {
  const out: RuleSource[] = [];
  for (const { name, load } of modules) {
    let module: Module;
    try {
      module = await load();
    } catch (error) {
      throw new UsageError(`--rules ${name}: the module cannot be loaded: ${(error as Error).message}`, {
        file: name,
        cause: error,
      });
    }
    if (rulesOf(module).rules.length === 0)
      throw new UsageError(
        `--rules ${name}: the module exports no rule (marked, or with a name that begins with Asn_)`,
        {
          file: name,
        },
      );
    out.push(module);
  }
  return out;
}
