#!/usr/bin/env node
// The configuration files that are shipped: one for every step and pipeline of the built command line.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { stepEntries } from "../../packages/apps/cli/dist/generated/steps.js";
import { formatTyped } from "../../packages/core/stpipe/dist/config/value.js";
import { baseParams } from "../../packages/core/stpipe/dist/index.js";

const folder = join(dirname(fileURLToPath(import.meta.url)), "../../packages/apps/cli/cfg");
mkdirSync(folder, { recursive: true });
for (const file of readdirSync(folder)) rmSync(join(folder, file));

function lines(step, name) {
  const out = [`name = "${name}"`, `class = "${step.classPath}"`];
  for (const [key, param] of Object.entries(step.parameters)) {
    const isBase = key in baseParams && key !== "suffix";
    if (
      isBase ||
      param.extension ||
      param.default === null ||
      (Array.isArray(param.default) && param.default.length === 0)
    )
      continue;
    out.push(`${key} = ${formatTyped(param.default, param.type)}  # ${param.help}`);
  }
  return out;
}

/** Steps of a pipeline by the files of the steps; some are switched off. */
function pipeline(step, extra, off) {
  const out = [...lines(step, step.className), ...extra, "", "[steps]"];
  for (const alias of Object.keys(step.steps)) {
    out.push(`    [[${alias}]]`, `        config_file = ${alias}.cfg`);
    if (off.includes(alias)) out.push("        skip = True");
  }
  return out;
}

let n = 0;
const write = (file, text) => {
  writeFileSync(join(folder, file), `${text.join("\n")}\n`);
  n++;
};
for (const entry of stepEntries) {
  const step = await entry.load();
  if (step.kind === "step") {
    write(`${step.alias}.cfg`, lines(step, step.alias));
    continue;
  }
  const extra = step.alias === "calwebb_dark" && !step.parameters.suffix ? ['suffix = "dark"'] : [];
  write(`${step.alias}.cfg`, pipeline(step, extra, []));
  if (step.alias === "calwebb_detector1")
    // Time series: these steps would change the noise or remove data that the light curve needs.
    write("calwebb_tso1.cfg", pipeline(step, [], ["ipc", "lastframe", "persistence"]));
  if (step.alias === "calwebb_image2") {
    // Time series have no dedicated backgrounds, and their integrations are not put on the sky; wavefront images are combined as they are.
    write("calwebb_tso_image2.cfg", pipeline(step, [], ["bkg_subtract", "resample"]));
    write("calwebb_wfs_image2.cfg", pipeline(step, [], ["resample"]));
  }
}
console.log(`${n} configuration files`);
