#!/usr/bin/env node
// What npm users would get of every package: the manifest (publint) and the types (are-the-types-wrong), on the packed tarball.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { packages } from "./workspace.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = mkdtempSync(join(tmpdir(), "calwebb-pack-"));
const all = packages(root).filter((p) => !p.manifest.private);
const packed = spawnSync(
  "npm",
  ["pack", "--silent", "--pack-destination", folder, ...all.flatMap((p) => ["--workspace", p.manifest.name])],
  { cwd: root, encoding: "utf8" },
);
if (packed.status !== 0) {
  console.error(packed.stderr);
  process.exit(1);
}
const problems = [];
for (const { dir, manifest } of all) {
  const { messages } = await publint({ pkgDir: join(root, dir), strict: true, pack: false });
  for (const message of messages) problems.push(`${manifest.name}: publint: ${formatMessage(message, manifest)}`);
  const file = join(folder, `${manifest.name.replace("@", "").replace("/", "-")}-${manifest.version}.tgz`);
  const tarball = new Uint8Array(readFileSync(file));
  const result = await checkPackage(createPackageFromTarballData(tarball));
  if (!result.types) problems.push(`${manifest.name}: no types in the package`);
  // ESM only, so how CommonJS or node10 would resolve does not matter.
  for (const problem of result.problems ?? []) {
    const kind = problem.resolutionKind;
    if (kind === "node10" || kind === "node16-cjs" || problem.kind === "CJSResolvesToESM") continue;
    if (problem.entrypoint === "./package.json") continue;
    problems.push(`${manifest.name}: types: ${problem.kind} at ${problem.entrypoint ?? ""}`);
  }
  if (tarball.length > 3 * 2 ** 20)
    problems.push(`${manifest.name}: the tarball has ${(tarball.length / 2 ** 20).toFixed(1)} MiB`);
}
rmSync(folder, { recursive: true, force: true });
if (problems.length) {
  console.error(problems.join("\n"));
  process.exit(1);
}
console.log(`publish: ${all.length} packages as npm users would get them`);
