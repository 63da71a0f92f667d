import {
  absolutePath,
  atomicFileSink,
  fileExists,
  fileSource,
  importModule,
  makeFolder,
  readTextFile,
  removeFile,
} from "@calwebb/bytes/node";
import { defaultHost, type Host } from "@calwebb/stpipe";
import type { Surroundings } from "./surroundings.js";

const isUrl = (path: string): boolean => /^https?:/.test(path);

/** The host of a command: that of Node with the folder and the variables of the command, and the reference set that it was given. */
export function nodeHost({ cwd, env }: Surroundings, references?: string): Host {
  const absolute = (path: string): string => (isUrl(path) ? path : absolutePath(path, cwd));
  return {
    ...defaultHost,
    open: async (path) => (isUrl(path) ? defaultHost.open(path) : fileSource(absolute(path))),
    sink: async (path) => atomicFileSink(absolute(path)),
    exists: async (path) => isUrl(path) || fileExists(absolute(path)),
    makeFolder: async (path) => makeFolder(absolute(path)),
    absolute,
    readText: async (path) => (isUrl(path) ? defaultHost.readText(path) : readTextFile(absolute(path))),
    remove: async (path) => removeFile(absolute(path)),
    importModule: (path) => importModule(/^[./~]/.test(path) || fileExists(absolute(path)) ? absolute(path) : path),
    env: (name) => (name === "CALWEBB_REFERENCES" && references !== undefined ? references : env[name]),
  };
}
