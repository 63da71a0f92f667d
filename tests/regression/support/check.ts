import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { filesIn } from "./exposures.js";
import { type Ended, program, type Surroundings } from "./program.js";

/** Most memory that a program may take to refuse what it was given [MB]. */
export const MOST = 700;

/**
 * Run a program that has to fail, and check what every failure has in common: one sentence, no stack trace, no file that was not
 * there before, nothing changed in those that were, bounded memory.
 * @param status - 1 for what was given, 2 for how it was asked
 */
export async function refused(
  argv: readonly string[],
  around: Surroundings,
  status: number,
  name: "strun" | "calwebb" = "strun",
): Promise<Ended> {
  const contents = (): Record<string, string> =>
    Object.fromEntries(
      filesIn(around.cwd).map((file) => [file, readFileSync(join(around.cwd, file)).toString("latin1")]),
    );
  const before = contents();
  const ended = await program(name, [...argv, ...(name === "strun" ? ["-q"] : [])], around);
  if (process.env["CALWEBB_SHOW"])
    process.stdout.write(
      `${expect.getState().currentTestName}\n\t${ended.status} ${ended.peak.toFixed(0)} MB ${ended.message.slice(0, 600)}\n`,
    );
  const after = contents();
  expect(Object.keys(after), "no half file").toEqual(Object.keys(before));
  for (const [file, bytes] of Object.entries(before)) expect(after[file] === bytes, `${file} is untouched`).toBe(true);
  expect(ended.err, "no stack trace").not.toMatch(/^\s+at /m);
  expect(ended.message.split("\n"), "one message").toHaveLength(1);
  expect(ended.message.length).toBeLessThan(900);
  expect(ended.status).toBe(status);
  expect(ended.peak).toBeGreaterThan(0);
  expect(ended.peak).toBeLessThan(MOST);
  return ended;
}
