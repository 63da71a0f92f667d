// Installs and builds what a fresh clone lacks. Uses nothing but Node itself.
import { spawnSync } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Run a command in the repository with its output shown; ends this process with its status when it fails. */
export function run(command, args, options = {}) {
  const result = spawnSync(command, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) {
    console.error(`${command} could not be started: ${result.error.message}`);
    process.exit(1);
  }
  if (result.status !== 0) process.exit(result.status ?? 1);
}

/** `npm ci` when node_modules is missing or older than the lock file, then an incremental build. */
export function setup() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    console.error(`calwebb needs Node 20.19 or newer; this is ${process.versions.node}`);
    process.exit(1);
  }
  const installed = join(root, "node_modules/.package-lock.json");
  const lock = join(root, "package-lock.json");
  if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(lock).mtimeMs)
    run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"]);
  run(process.execPath, ["node_modules/typescript/bin/tsc", "-b"]);
}
