import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { env as processEnv } from "node:process";
import { IoError } from "@calwebb/errors";
import type { CrdsCache } from "./cache.js";
import { type Crds, type CrdsOptions, createCrds } from "./crds.js";
import { diskCache } from "./node/disk-cache.js";
import { cachePaths } from "./node/paths.js";
import type { ReferenceResolver } from "./resolver.js";
import { loadReferenceSet } from "./set.js";
import { readSettings } from "./settings.js";

export { diskCache } from "./node/disk-cache.js";
export { type CachePaths, cachePaths } from "./node/paths.js";

export interface NodeCrdsOptions extends CrdsOptions {
  /** Folder of the cache; `CRDS_PATH` and its relatives if left out. */
  path?: string;
}

/** The cache on disk that the variables name. */
export function openCache(options: Pick<NodeCrdsOptions, "env" | "path"> = {}): CrdsCache {
  const env = options.env ?? processEnv;
  const { observatory } = readSettings(env, {});
  const readonly = /^(?:1|t|true|y|yes|on)$/i.test(env.CRDS_READONLY_CACHE ?? "");
  return diskCache(cachePaths(env, observatory, options.path), { readonly });
}

/** A client of CRDS with the environment of the process and the cache on disk. */
export function nodeCrds(options: NodeCrdsOptions = {}): Crds {
  const env = options.env ?? processEnv;
  return createCrds({ ...options, env, cache: options.cache ?? openCache({ ...options, env }) });
}

/**
 * Read a reference set from a file.
 * @throws {IoError} when it cannot be read
 * @throws {ValidationError} when it is not a reference set
 */
export async function readReferenceSet(path: string): Promise<ReferenceResolver> {
  const file = resolve(path);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new IoError(`cannot read the reference set ${path}: ${(cause as Error).message}`, { file, cause });
  }
  return loadReferenceSet(text, file);
}
