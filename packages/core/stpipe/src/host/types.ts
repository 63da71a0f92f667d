import type { ByteSink, ByteSource, ScratchFile } from "@calwebb/bytes";

/** How a command ended. */
export interface CommandResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the runner needs of the platform. A browser gives only what it can. */
export interface Host {
  /** Open a file or URL for reading. @throws {IoError} */
  open(path: string): Promise<ByteSource>;
  /** A sink whose bytes appear whole at `path` on commit. */
  sink(path: string): Promise<ByteSink>;
  exists(path: string): Promise<boolean>;
  /** Make a folder and those above it. */
  makeFolder(path: string): Promise<void>;
  /** Path from the root, with `~` and `$NAME` replaced. */
  absolute(path: string): string;
  env(name: string): string | undefined;
  /** Text of a small file. */
  readText(path: string): Promise<string>;
  /** Remove a file. */
  remove?(path: string): Promise<void>;
  /** A temporary file for what does not fit in memory; absent where there are none. */
  scratch?(): Promise<ScratchFile>;
  /** Run an external command (hooks); absent where there are none. */
  run?(command: string, env?: Readonly<Record<string, string>>): Promise<CommandResult>;
  /** Import a module of the user (hooks, steps given as `file.mjs:name`). */
  importModule?(path: string): Promise<Record<string, unknown>>;
}
