import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Environment } from "../settings.js";

/** Folders of a cache on disk. */
export interface CachePaths {
  mappings: string;
  references: string;
  config: string;
}

const DEFAULT_CACHE = "/grp/crds/cache";

function expand(path: string): string {
  return resolve(path.replace(/^~(?=$|\/)/, homedir()));
}

/** The folders that the variables name; the most specific variable wins for each of them. */
export function cachePaths(env: Environment, observatory: string, root?: string): CachePaths {
  const part = (variable: string, folder: string): string => {
    if (root !== undefined) return expand(join(root, folder, observatory));
    const single = env[`${variable}_SINGLE`];
    if (single) return expand(single);
    const own = env[variable];
    if (own) return expand(join(own, observatory));
    if (env.CRDS_PATH_SINGLE) return expand(join(env.CRDS_PATH_SINGLE, folder));
    return expand(join(env.CRDS_PATH || DEFAULT_CACHE, folder, observatory));
  };
  return {
    mappings: part("CRDS_MAPPATH", "mappings"),
    references: part("CRDS_REFPATH", "references"),
    config: part("CRDS_CFGPATH", "config"),
  };
}

/** Whether references lie in one folder or in one per instrument. */
export function layoutOf(paths: CachePaths): "flat" | "instrument" {
  try {
    const mode = readFileSync(join(paths.config, "ref_cache_subdir_mode"), "utf8").trim();
    return mode === "flat" ? "flat" : "instrument";
  } catch {
    // As the reference client guesses: many entries directly in the folder are files.
    const entries = existsSync(paths.references) ? readdirSync(paths.references).length : 0;
    return entries > 20 ? "flat" : "instrument";
  }
}
