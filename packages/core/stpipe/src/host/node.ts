import { httpSource } from "@calwebb/bytes";
import {
  absolutePath,
  atomicFileSink,
  fileExists,
  fileSource,
  importModule,
  makeFolder,
  readTextFile,
  removeFile,
  runCommand,
  scratchFile,
} from "@calwebb/bytes/node";
import type { ReferenceResolver } from "@calwebb/crds";
import type { Host } from "./types.js";

const isUrl = (path: string): boolean => /^https?:/.test(path);
// The rim of the platform: globals only, no modules of Node.
const { process } = globalThis as { process?: { env: Record<string, string | undefined> } };

/** The platform of Node: files by path, URLs, commands, modules. */
export const defaultHost: Host = {
  open: async (path) => (isUrl(path) ? httpSource(path) : fileSource(absolutePath(path))),
  sink: async (path) => atomicFileSink(path),
  exists: async (path) => isUrl(path) || fileExists(path),
  makeFolder: async (path) => makeFolder(path),
  absolute: (path) => (isUrl(path) ? path : absolutePath(path)),
  env: (name) => process?.env[name],
  readText: async (path) => (isUrl(path) ? (await fetch(path)).text() : readTextFile(absolutePath(path))),
  remove: async (path) => removeFile(path),
  scratch: async () => scratchFile(),
  run: runCommand,
  importModule,
};

/** The reference set of `CALWEBB_REFERENCES`, else CRDS as the environment says. */
export async function defaultResolver(host: Host, log: (message: string) => void): Promise<ReferenceResolver> {
  const set = host.env("CALWEBB_REFERENCES");
  if (set) {
    const { loadReferenceSet } = await import("@calwebb/crds");
    return loadReferenceSet(await host.readText(set), host.absolute(set));
  }
  const { nodeCrds } = await import("@calwebb/crds/node");
  return nodeCrds({ log });
}

/** Whether parameter references are worth asking for: somebody has set CRDS up, and no reference set stands in its place. */
export function hasParameterReferences(host: Host): boolean {
  if (host.env("CALWEBB_REFERENCES")) return false;
  return ["CRDS_PATH", "CRDS_SERVER_URL", "CRDS_CONTEXT"].some((name) => host.env(name));
}
