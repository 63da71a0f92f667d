#!/usr/bin/env node
// A new step package that builds, tests and passes the check:
//   npm run new-step -- my-step --group=detector1 --input=ImageModel
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { root, run } from "../run/setup.mjs";
import { template } from "./template.mjs";

const GROUPS = ["detector1", "exposure2", "spec2", "combine3", "modes"];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    group: { type: "string", default: "detector1" },
    input: { type: "string", default: "ImageModel" },
    root: { type: "string", default: root },
  },
});
const [name] = positionals;
const fail = (text) => {
  console.error(`new-step: ${text}`);
  process.exit(2);
};
if (positionals.length !== 1)
  fail("one name is wanted: npm run new-step -- my-step [--group=detector1] [--input=ImageModel]");
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
  fail(`"${name}" is not a package name: lower case, digits and single dashes`);
if (!GROUPS.includes(values.group)) fail(`"${values.group}" is not a group; known: ${GROUPS.join(", ")}`);
const folder = join(values.root, "packages/steps", values.group, name);
if (existsSync(folder)) fail(`${folder} exists already`);

for (const [file, text] of Object.entries(template({ name, input: values.input }))) {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}
const link = join(values.root, "node_modules/@calwebb", name);
if (!existsSync(link)) symlinkSync(folder, link, "dir");
run("npm", ["run", "--silent", "sync"], { cwd: values.root });
console.log(`made ${folder}
next: write src/kernel.ts and its test, describe the step in docs.md, then
  npx vitest run packages/steps/${values.group}/${name}
  npm run check && npm run build`);
