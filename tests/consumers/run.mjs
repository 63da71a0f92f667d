#!/usr/bin/env node
// Installs the packed packages in empty folders, as users get them, and runs small programs against them:
// Node, a browser bundle in headless Chromium, a step plugin of somebody else.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { packages } from "../../tools/check-packages/workspace.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const work = mkdtempSync(join(tmpdir(), "calwebb-consumers-"));
const only = process.argv[2];

function run(command, args, options = {}) {
  const result = spawnSync(command, args, { encoding: "utf8", ...options });
  if (result.status !== 0) {
    console.error(`${command} ${args.join(" ")} ended with ${result.status ?? result.error?.message}`);
    console.error(result.stdout, result.stderr);
    process.exit(1);
  }
  return result.stdout;
}

const tarballs = join(work, "tarballs");
mkdirSync(tarballs);
const all = packages(root).filter((p) => !p.manifest.private);
run(
  "npm",
  ["pack", "--silent", "--pack-destination", tarballs, ...all.flatMap((p) => ["--workspace", p.manifest.name])],
  { cwd: root },
);
const fileOf = (name, version) => `file:${join(tarballs, `${name.replace("@", "").replace("/", "-")}-${version}.tgz`)}`;

for (const name of readdirSync(join(root, "tests/consumers"))) {
  const source = join(root, "tests/consumers", name);
  if (!existsSync(join(source, "package.json")) || (only && name !== only)) continue;
  console.log(`consumer ${name}`);
  const folder = join(work, name);
  cpSync(source, folder, { recursive: true });
  cpSync(join(root, "tests/consumers/shared-ramp.mjs"), join(folder, "ramp.mjs"));
  const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  // The packages that the consumer asks for and what they need, from the tarballs and nothing else.
  const needed = new Set();
  const need = (wanted) => {
    if (needed.has(wanted)) return;
    needed.add(wanted);
    const found = all.find((p) => p.manifest.name === wanted);
    if (!found) throw new Error(`consumer ${name} asks for ${wanted}, which is not a package here`);
    for (const d of Object.keys(found.manifest.dependencies ?? {})) if (all.some((p) => p.manifest.name === d)) need(d);
  };
  for (const wanted of manifest.consumes) need(wanted);
  for (const p of all)
    if (needed.has(p.manifest.name))
      (manifest.dependencies ??= {})[p.manifest.name] = fileOf(p.manifest.name, p.manifest.version);
  writeFileSync(join(folder, "package.json"), JSON.stringify(manifest, null, 2));
  run("npm", ["install", "--no-audit", "--no-fund", "--loglevel=error", "--prefer-offline"], { cwd: folder });
  process.stdout.write(
    run(process.execPath, ["check.mjs"], { cwd: folder, env: { ...process.env, CALWEBB_REPOSITORY: root } }),
  );
}
rmSync(work, { recursive: true, force: true });
