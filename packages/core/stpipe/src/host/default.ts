import { type ByteSink, httpSource } from "@calwebb/bytes";
import type { ReferenceResolver } from "@calwebb/crds";
import { IoError } from "@calwebb/errors";
import type { Host } from "./types.js";

const isUrl = (path: string): boolean => /^(https?|blob|data):/.test(path);

function noFiles(path: string, doing: string): never {
  throw new IoError(
    `cannot ${doing} ${path}: there are no files here; give a URL, an open model or a host of your own`,
    {
      file: path,
    },
  );
}

/** The platform of a browser: URLs can be read, nothing can be written. */
export const defaultHost: Host = {
  open: async (path) => (isUrl(path) ? httpSource(path) : noFiles(path, "open")),
  sink: async (path): Promise<ByteSink> => noFiles(path, "write"),
  exists: async (path) => isUrl(path),
  makeFolder: async () => {},
  absolute: (path) => path,
  env: () => undefined,
  readText: async (path) => (isUrl(path) ? (await fetch(path)).text() : noFiles(path, "read")),
};

/** Without a resolver nothing can be looked up. */
export async function defaultResolver(_host: Host, _log: (message: string) => void): Promise<ReferenceResolver> {
  const { noResolver } = await import("./no-resolver.js");
  return noResolver;
}

/** Whether parameter references are worth asking for. */
export function hasParameterReferences(_host: Host): boolean {
  return false;
}
