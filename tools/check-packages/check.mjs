#!/usr/bin/env node
// Every package has the same shape and a program says so. `--fix` rewrites what follows from the rest
// (tsconfig references, fixed manifest fields); without it, a difference is an error.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { forbidden, layerOf } from "./layers.mjs";
import { packages, sources } from "./workspace.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const fix = process.argv.includes("--fix");
const problems = [];
const all = packages(root);
const byName = new Map(all.map((p) => [p.manifest.name, p]));

/** Compare a generated text with the file; rewrite it or report. */
function generated(file, text) {
  const path = join(root, file);
  const now = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  if (now === text) return;
  if (fix) writeFileSync(path, text);
  else problems.push(`${file}: out of date; run \`npm run sync\``);
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;

/** Subpaths that a package publishes beside ".": found by the files that exist. */
function exportsOf({ dir, manifest }) {
  const entry = (file) => ({
    "@calwebb/source": `./src/${file}.ts`,
    types: `./dist/${file}.d.ts`,
    default: `./dist/${file}.js`,
  });
  const map = { ".": entry("index") };
  for (const sub of ["kernel", "node", "fitsjs", "internal", ...(manifest.calwebb?.subpaths ?? [])])
    if (existsSync(join(root, dir, "src", `${sub}.ts`))) map[`./${sub}`] = entry(sub);
  map["./package.json"] = "./package.json";
  return map;
}

/** The manifest with its fixed fields in their fixed order; name, version, description and dependencies are the author's. */
function normalManifest(pkg) {
  const { dir, manifest: m } = pkg;
  const out = {
    name: m.name,
    version: m.version ?? "1.0.0",
    description: m.description,
    license: "MIT",
    repository: { type: "git", url: "git+https://github.com/calwebb/calwebb.git", directory: dir },
    type: "module",
    sideEffects: false,
    engines: { node: ">=20.19" },
  };
  if (m.private) out.private = true;
  if (m.bin) out.bin = m.bin;
  out.exports = exportsOf(pkg);
  if (m.imports) out.imports = m.imports;
  out.files = [
    "dist",
    "src",
    ...(m.files ?? []).filter((f) => !["dist", "src", "!**/*.tsbuildinfo"].includes(f)),
    "!**/*.tsbuildinfo",
  ];
  out.publishConfig = { access: "public" };
  const sorted = (o) => Object.fromEntries(Object.entries(o).sort(([a], [b]) => (a < b ? -1 : 1)));
  if (m.dependencies && Object.keys(m.dependencies).length) out.dependencies = sorted(m.dependencies);
  if (m.peerDependencies) out.peerDependencies = m.peerDependencies;
  if (m.optionalDependencies) out.optionalDependencies = m.optionalDependencies;
  if (m.devDependencies) out.devDependencies = sorted(m.devDependencies);
  if (m.calwebb) out.calwebb = m.calwebb;
  out.nx = { tags: [`layer:${layerOf(dir)}`] };
  return out;
}

const ownDependencies = ({ manifest }) =>
  Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies }).filter((d) => byName.has(d));

for (const pkg of all) {
  const { dir, manifest } = pkg;
  const say = (text) => problems.push(`${dir}: ${text}`);
  const base = dir.split("/").at(-1);
  const wanted = dir.startsWith("packages/meta/") ? base : `@calwebb/${base}`;
  if (manifest.name !== wanted) say(`name is ${manifest.name}, wanted ${wanted}`);
  if (!manifest.description) say("package.json has no description");
  if (Number.isNaN(layerOf(dir))) say("has no layer in tools/check-packages/layers.mjs");
  for (const field of ["main", "module", "types", "scripts"])
    if (field in manifest) say(`package.json must not have "${field}"`);
  if (!existsSync(join(root, dir, "src/index.ts"))) say("has no src/index.ts");
  if (!existsSync(join(root, dir, "README.md"))) say("has no README.md");
  const files = sources(join(root, dir));
  if (dir.startsWith("packages/steps/"))
    for (const file of [
      "src/step.ts",
      "src/process.ts",
      "src/kernel.ts",
      "test/kernel.test.ts",
      "test/step.test.ts",
      "docs.md",
    ])
      if (!existsSync(join(root, dir, file))) say(`has no ${file}`);
  if (!files.length) say("has no sources");
  if (!sources(join(root, dir), "test").some((f) => f.endsWith(".test.ts")) && !manifest.private) say("has no tests");

  const declared = new Set(
    Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.optionalDependencies }),
  );
  for (const [name, range] of Object.entries(manifest.dependencies ?? {})) {
    const other = byName.get(name);
    if (other) {
      const exact = dir.startsWith("packages/meta/");
      const want = exact ? other.manifest.version : `^${other.manifest.version}`;
      if (range !== want) {
        if (fix) manifest.dependencies[name] = want;
        else say(`depends on ${name}@${range}, wanted ${want}`);
      }
      const why = forbidden(dir, other.dir);
      if (why) say(`depends on ${name}: ${why}`);
    } else if (!/^\d/.test(range)) say(`depends on ${name}@${range}: outside packages are pinned exactly`);
  }
  const platform =
    dir === "packages/io/bytes" ||
    dir === "packages/core/crds" ||
    dir === "packages/core/testing" ||
    dir.startsWith("packages/apps/");
  for (const file of files) {
    const text = readFileSync(join(root, dir, file), "utf8");
    for (const [, spec] of text.matchAll(/(?:from|import)\s*\(?\s*["']([^"'.#][^"']*)["']/g)) {
      if (spec.startsWith("node:")) {
        const rim =
          dir.startsWith("packages/apps/") ||
          dir === "packages/core/testing" ||
          (platform && /(^|\/)node(\.ts|\/)/.test(file));
        if (!rim) say(`${file} imports ${spec}: only io/bytes/node, crds/node and the apps touch the platform`);
        continue;
      }
      const name = spec.startsWith("@") ? spec.split("/").slice(0, 2).join("/") : spec.split("/")[0];
      if (name !== manifest.name && (byName.has(name) || spec.startsWith("@calwebb/")) && !declared.has(name))
        say(`${file} imports ${name}, which package.json does not list`);
    }
  }
  generated(`${dir}/package.json`, json(normalManifest(pkg)));
  const refs = ownDependencies(pkg)
    .map((d) => relative(join(root, dir), join(root, byName.get(d).dir)))
    .sort()
    .map((path) => ({ path }));
  const up = relative(join(root, dir), root);
  const types = manifest.calwebb?.types ?? (platform ? ["node"] : undefined);
  generated(
    `${dir}/tsconfig.json`,
    json({ extends: `${up}/tsconfig.base.json`, ...(types ? { compilerOptions: { types } } : {}), references: refs }),
  );
}
generated("tsconfig.json", json({ files: [], references: all.map(({ dir }) => ({ path: dir })) }));
generated(
  "tsconfig.test.json",
  json({
    extends: "./tsconfig.base.json",
    compilerOptions: {
      rootDir: ".",
      composite: false,
      declaration: false,
      declarationMap: false,
      isolatedDeclarations: false,
      noEmit: true,
      incremental: true,
      tsBuildInfoFile: "node_modules/.cache/test.tsbuildinfo",
      types: ["node"],
    },
    include: ["packages/**/test/**/*.ts", "tests/**/*.test.ts", "tools/**/*.test.ts"],
    references: all.map(({ dir }) => ({ path: dir })),
  }),
);

if (problems.length) {
  console.error(problems.join("\n"));
  console.error(`\ncheck-packages: ${problems.length} problem(s) in ${all.length} packages`);
  process.exit(1);
}
console.log(`check-packages: ${all.length} packages in order`);
