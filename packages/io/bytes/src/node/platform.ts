import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { isAbsolute, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { systemError } from "./errors.js";

/** A path from the root; `~`, `$NAME` and `${NAME}` are replaced, unknown names stay. */
export function absolutePath(path: string, folder: string = process.cwd()): string {
  const expanded = path
    .replace(/^~(?=\/|$)/, () => homedir())
    .replace(/\$(?:\{(\w+)\}|(\w+))/g, (whole, a, b) => process.env[a ?? b] ?? whole);
  return isAbsolute(expanded) ? expanded : resolve(folder, expanded);
}

export function fileExists(path: string): boolean {
  return existsSync(path);
}

/** Make a folder and those above it. @throws {IoError} */
export function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (cause) {
    throw systemError("write", path, cause);
  }
}

/** Text of a small UTF-8 file. @throws {IoError} */
export function readTextFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (cause) {
    throw systemError("read", path, cause);
  }
}

/** Remove a file if it is there. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
}

/** How a command ended. */
export interface CommandOutput {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run a command line in the shell, with further environment variables, and wait for it. */
export function runCommand(command: string, env: Readonly<Record<string, string>> = {}): Promise<CommandOutput> {
  return new Promise((done, fail) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.on("error", fail);
    child.on("close", (code) => done({ status: code ?? 1, stdout, stderr }));
  });
}

/** Import a module by its path (relative to the working folder) or by its name. */
export async function importModule(path: string): Promise<Record<string, unknown>> {
  const isFile = /^[./~]/.test(path) || existsSync(absolutePath(path));
  return import(isFile ? pathToFileURL(absolutePath(path)).href : path) as Promise<Record<string, unknown>>;
}
