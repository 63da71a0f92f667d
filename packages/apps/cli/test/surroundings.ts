import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command, Surroundings } from "@calwebb/cli";
import { isCalwebbError } from "@calwebb/errors";

export interface Captured extends Surroundings {
  /** What was written so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
}

export function surroundings(options: Partial<Surroundings> = {}): Captured {
  let out = "";
  let err = "";
  return {
    program: "strun",
    cwd: process.cwd(),
    env: {},
    signal: new AbortController().signal,
    isTerminal: false,
    columns: 80,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    ...options,
    stdout: () => out,
    stderr: () => err,
  };
}

/** Run a command; gives exit status, output and the message of the error that ended it. */
export async function run(
  command: Command,
  argv: readonly string[],
  options: Partial<Surroundings> = {},
): Promise<{ status: number; out: string; err: string; message: string }> {
  const around = surroundings(options);
  try {
    const status = await command(argv, around);
    return { status, out: around.stdout(), err: around.stderr(), message: "" };
  } catch (error) {
    const status = isCalwebbError(error) ? error.exitCode : 1;
    return { status, out: around.stdout(), err: around.stderr(), message: (error as Error).message };
  }
}

/** Do something in a folder of its own. */
export async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "calwebb-cli-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const filesIn = (folder: string): string[] => readdirSync(folder).sort();
