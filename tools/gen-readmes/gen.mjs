#!/usr/bin/env node
// README.md of every step package and pipeline, from its declaration and its docs.md. `--check` only compares.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { packages } from "../check-packages/workspace.mjs";
import { root } from "../run/setup.mjs";

const check = process.argv.includes("--check");
const stale = [];

const code = (value) => `\`${value}\``;
const escaped = (text) => text.replaceAll("|", "\\|").replaceAll("\n", " ");

function shown(value) {
  if (value === null || value === undefined) return "None";
  if (Array.isArray(value)) return value.length ? value.join(", ") : "[]";
  return value === "" ? '""' : String(value);
}

function typeOf(param) {
  if (param.type === "option") return `one of ${param.options.map((o) => o ?? "None").join(", ")}`;
  const limits = [
    param.min !== undefined ? `≥ ${param.min}` : "",
    param.max !== undefined ? `≤ ${param.max}` : "",
  ].filter(Boolean);
  return [param.type, ...limits].join(" ");
}

function parameters(step) {
  const rows = Object.entries(step.parameters);
  if (rows.length === 0) return "None of its own; every step has the common ones (`strun " + step.alias + " -h`).";
  return [
    "| name | type | default | |",
    "|---|---|---|---|",
    ...rows.map(([name, p]) => `| ${code(name)} | ${typeOf(p)} | ${shown(p.default)} | ${escaped(p.help)} |`),
  ].join("\n");
}

function references(step) {
  if (step.references.length === 0) return "None.";
  return step.references
    .map(
      (r) =>
        `* ${code(r.type)}${r.model ? ` (${r.model})` : ""}${r.optional || r.manual ? ", optional" : ""}; override with ${code(`--override_${r.type}`)}`,
    )
    .join("\n");
}

function readme({ dir, manifest }, step, exported) {
  const docs = readFileSync(join(root, dir, "docs.md"), "utf8").trim();
  const input = step.kind === "pipeline" ? "x_uncal.fits" : "x.fits";
  const parts = [
    `# ${manifest.name}`,
    step.description || manifest.description,
    docs,
    "## Parameters",
    parameters(step),
    step.kind === "pipeline"
      ? `Steps: ${Object.keys(step.steps).map(code).join(", ")}; give theirs as ${code("--steps.<alias>.<parameter>")}.`
      : "",
    step.kind === "pipeline" ? "" : "## Reference files",
    step.kind === "pipeline" ? "" : references(step),
    "## Use",
    `    npm install ${manifest.name}\n`,
    `\`\`\`ts\nimport { ${exported} } from "${manifest.name}";\n\nconst result = await ${exported}.call("${input}");\n\`\`\``,
    `    strun ${step.alias} ${input}`,
    existsSync(join(root, dir, "src/kernel.ts"))
      ? `The arithmetic alone, on typed arrays: ${code(`${manifest.name}/kernel`)}.`
      : "",
    "MIT licensed. This file is made from `docs.md` and the declaration by `npm run readmes`.",
  ];
  return `${parts.filter(Boolean).join("\n\n")}\n`;
}

for (const pkg of packages(root)) {
  if (!/^packages\/(steps|pipelines)\//.test(pkg.dir) || !existsSync(join(root, pkg.dir, "docs.md"))) continue;
  const module = await import(pathToFileURL(join(root, pkg.dir, "dist/index.js")).href);
  const found = Object.entries(module).find(([, value]) => value && typeof value === "object" && "apiVersion" in value);
  if (!found) throw new Error(`${pkg.dir}: exports no step`);
  const text = readme(pkg, found[1], found[0]);
  const file = join(root, pkg.dir, "README.md");
  if (existsSync(file) && readFileSync(file, "utf8") === text) continue;
  if (check) stale.push(pkg.dir);
  else writeFileSync(file, text);
}
if (stale.length) {
  console.error(`out of date, run \`npm run readmes\`:\n  ${stale.join("\n  ")}`);
  process.exit(1);
}
