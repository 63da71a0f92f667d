import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { type AssociationData, loadAsn } from "@calwebb/associations";
import { IoError, UsageError } from "@calwebb/errors";
import type { Surroundings } from "../surroundings.js";

const reason = (error: unknown): string => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : (error as Error).message;
};

export function readText(surroundings: Surroundings, file: string): string {
  try {
    return readFileSync(resolve(surroundings.cwd, file), "utf8");
  } catch (error) {
    throw new IoError(`cannot read ${file}: ${reason(error)}`, { file, cause: error });
  }
}

/** Write a file that appears whole or not at all. */
export function writeText(surroundings: Surroundings, file: string, text: string): void {
  const path = resolve(surroundings.cwd, file);
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new IoError(`cannot write ${file}: ${reason(error)}`, { file, cause: error });
  }
}

export function makeFolder(surroundings: Surroundings, folder: string): void {
  try {
    ensureFolder(resolve(surroundings.cwd, folder));
  } catch (error) {
    throw new IoError(`cannot make the folder ${folder}: ${reason(error)}`, { file: folder, cause: error });
  }
}

/** One level at a time: Node's own recursion never ends where a file system refuses folders, as /proc does. */
function ensureFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) ensureFolder(dirname(path));
  mkdirSync(path);
}

export function isFolder(surroundings: Surroundings, path: string): boolean {
  return statSync(resolve(surroundings.cwd, path), { throwIfNoEntry: false })?.isDirectory() ?? false;
}

export function exists(surroundings: Surroundings, path: string): boolean {
  return statSync(resolve(surroundings.cwd, path), { throwIfNoEntry: false }) !== undefined;
}

/** An association from a JSON or YAML file. */
export function readAssociation(surroundings: Surroundings, file: string): AssociationData {
  return loadAsn(readText(surroundings, file), {
    name: file,
    ...(file.endsWith(".json") ? { format: "json" as const } : {}),
    warn: (message) => surroundings.err(`${surroundings.program}: warning: ${message}\n`),
  });
}

/** The format of `--format`. @throws {UsageError} */
export function checkFormat(format: string): "json" | "yaml" {
  if (format === "json" || format === "yaml") return format;
  throw new UsageError(`--format: got "${format}", wanted json or yaml`, { got: format });
}
