#!/usr/bin/env node
// Proves that a new step builds, tests and passes the check: makes one in this checkout and removes it again.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "../run/setup.mjs";

const NAME = "made-by-prove";
const folder = join(root, "packages/steps/modes", NAME);

function quiet(command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: "utf8" });
  return { ok: status === 0, text: `${command} ${args.join(" ")}\n${stdout}${stderr}` };
}

function remove() {
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(root, "node_modules/@calwebb", NAME), { force: true });
  quiet("npm", "run", "--silent", "sync");
}

const node = process.execPath;
const steps = [
  ["npm", "run", "--silent", "new-step", "--", NAME, "--group=modes"],
  ["npm", "run", "--silent", "check"],
  [node, "node_modules/@biomejs/biome/bin/biome", "ci", "--colors=off", folder],
  [node, "node_modules/typescript/bin/tsc", "-b", folder],
  [node, "node_modules/vitest/vitest.mjs", "run", folder],
];
let failure;
for (const step of steps) {
  const result = quiet(...step);
  if (result.ok) continue;
  failure = result.text;
  break;
}
remove();
if (failure) {
  console.error(failure);
  process.exit(1);
}
console.log("new-step: a new package passes the check, the linter, the compiler and its tests");
