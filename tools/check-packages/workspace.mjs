import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const GROUPS = [
  "core",
  "io",
  "math",
  "steps/detector1",
  "steps/exposure2",
  "steps/spec2",
  "steps/combine3",
  "steps/modes",
  "pipelines",
  "meta",
  "apps",
];

/**
 * Every package of the repository, sorted by folder.
 * @param {string} root repository folder
 * @returns {{ dir: string, manifest: Record<string, any> }[]} folder relative to the repository, and package.json
 */
export function packages(root) {
  const found = [];
  for (const group of GROUPS) {
    const base = join(root, "packages", group);
    if (!existsSync(base)) continue;
    for (const name of readdirSync(base).sort()) {
      const file = join(base, name, "package.json");
      if (!existsSync(file)) continue;
      found.push({ dir: `packages/${group}/${name}`, manifest: JSON.parse(readFileSync(file, "utf8")) });
    }
  }
  return found;
}

/** @returns {string[]} every .ts file below `dir`, relative to it. */
export function sources(dir, below = "src") {
  const out = [];
  const walk = (rel) => {
    if (!existsSync(join(dir, rel))) return;
    for (const entry of readdirSync(join(dir, rel), { withFileTypes: true })) {
      const path = `${rel}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith(".ts")) out.push(path);
    }
  };
  walk(below);
  return out;
}
