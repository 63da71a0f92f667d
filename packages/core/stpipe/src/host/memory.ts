import { type ByteSink, memorySink, memorySource } from "@calwebb/bytes";
import { IoError } from "@calwebb/errors";
import type { CommandResult, Host } from "./types.js";

/** What a host in memory starts with. */
export interface MemoryHostOptions {
  /** Files by path; texts become UTF-8. */
  files?: Readonly<Record<string, Uint8Array | string>>;
  env?: Readonly<Record<string, string>>;
  /** Modules for hooks, by path. */
  modules?: Readonly<Record<string, Record<string, unknown>>>;
  run?: (command: string) => Promise<CommandResult>;
}

/** A host whose files are in memory: for browsers that offer downloads, and for tests. */
export interface MemoryHost extends Host {
  /** The files as they are now; only finished ones are there. */
  readonly files: Map<string, Uint8Array>;
}

function clean(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** Make a host in memory. Paths start at `/`. */
export function memoryHost(options: MemoryHostOptions = {}): MemoryHost {
  const files = new Map<string, Uint8Array>();
  for (const [path, content] of Object.entries(options.files ?? {}))
    files.set(clean(path), typeof content === "string" ? new TextEncoder().encode(content) : content);
  const read = (path: string): Uint8Array => {
    const bytes = files.get(clean(path));
    if (!bytes) throw new IoError(`cannot open ${path}: there is no such file`, { file: path });
    return bytes;
  };
  const { run, modules } = options;
  return {
    files,
    open: async (path) => memorySource(read(path), path),
    sink: async (path): Promise<ByteSink> => {
      const inner = memorySink();
      return {
        name: path,
        write: (bytes, position) => inner.write(bytes, position),
        commit: async () => {
          await inner.commit();
          files.set(clean(path), inner.bytes().slice());
        },
        abort: () => inner.abort(),
      };
    },
    exists: async (path) => files.has(clean(path)),
    makeFolder: async () => {},
    absolute: clean,
    env: (name) => options.env?.[name],
    readText: async (path) => new TextDecoder().decode(read(path)),
    remove: async (path) => void files.delete(clean(path)),
    ...(run ? { run } : {}),
    ...(modules
      ? {
          importModule: async (path: string) => {
            const module = modules[path];
            if (!module) throw new IoError(`there is no module ${path}`, { file: path });
            return module;
          },
        }
      : {}),
  };
}
