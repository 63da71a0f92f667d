import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createRegistry } from "@calwebb/registry";
import { configure, type RunNode } from "@calwebb/stpipe";
import { expect, test } from "vitest";
import { CFG_FOLDER, collectCommand } from "../src/commands/collect.js";
import { stepEntries } from "../src/generated/steps.js";
import { nodeHost } from "../src/host.js";
import { resolveTarget } from "../src/strun/target.js";
import { filesIn, inFolder, run, surroundings } from "./surroundings.js";

const registry = createRegistry(stepEntries);
const around = surroundings();
const settled = async (file: string): Promise<RunNode> => {
  const { step, configFile, name } = await resolveTarget(file, registry, around);
  const options = { host: nodeHost(around), ...(configFile ? { configFile } : {}), ...(name ? { name } : {}) };
  return (await configure(step, [], {}, options)).node;
};
const values = (node: RunNode): unknown => [node.params, Object.values(node.children).map((c) => c.params)];

test("every step and pipeline has a configuration file", () => {
  const files = filesIn(CFG_FOLDER);
  for (const { alias } of stepEntries) expect(files).toContain(`${alias}.cfg`);
  expect(files).toContain("calwebb_tso1.cfg");
});

test.each(stepEntries.map((e) => e.alias))("%s.cfg says the defaults", async (alias) => {
  const [file, defaults] = [await settled(`${alias}.cfg`), await settled(alias)];
  if (alias === "calwebb_dark") file.params["suffix"] = null;
  expect(values(file)).toEqual(values(defaults));
  expect(file.name).toBe(file.step.kind === "pipeline" ? file.step.className : alias);
});

test("time series leave out three steps", async () => {
  const { children } = await settled("calwebb_tso1.cfg");
  const { children: usual } = await settled("calwebb_detector1");
  const skipped = Object.keys(children).filter((a) => children[a].params["skip"] && !usual[a].params["skip"]);
  expect(skipped).toEqual(["ipc", "lastframe"]);
  expect(children["persistence"].params["skip"]).toBe(true);
});

test.each([
  ["calwebb_tso_image2.cfg", ["bkg_subtract", "resample"]],
  ["calwebb_wfs_image2.cfg", ["resample"]],
])("%s leaves out steps of calwebb_image2", async (file, off) => {
  const { children, step } = await settled(file);
  expect(step.alias).toBe("calwebb_image2");
  expect(Object.keys(children).filter((a) => children[a].params["skip"])).toEqual(off);
});

test("collect_pipeline_cfgs copies them", () =>
  inFolder(async (folder) => {
    const { status, out } = await run(collectCommand, ["sub"], { cwd: folder, program: "collect_pipeline_cfgs" });
    expect([status, filesIn(join(folder, "sub"))]).toEqual([0, filesIn(CFG_FOLDER)]);
    expect(out).toMatch(/^\d+ configuration files in sub\n$/);
    expect(readFileSync(join(folder, "sub/jump.cfg"), "utf8")).toContain("rejection_threshold = 4.0");
    expect((await run(collectCommand, [], { cwd: folder })).status).toBe(2);
    expect((await run(collectCommand, ["a", "b"], { cwd: folder })).status).toBe(2);
  }));
