import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Executor } from "@calwebb/array";
import * as level2 from "@calwebb/asn-level2";
import * as level3 from "@calwebb/asn-level3";
import { dump, generateAsync, readPool } from "@calwebb/associations";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePool, type Pool } from "../src/pool/pool.js";

// Worker threads import modules as Node does: sources are bundled for them.
const folder = mkdtempSync(join(tmpdir(), "calwebb-asn-cores-"));
const source = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const bundled = (name: string): string => pathToFileURL(join(folder, `${name}.mjs`)).href;
let pool: Pool;
beforeAll(() => {
  buildSync({
    entryPoints: {
      worker: source("apps/cli/src/pool/worker.ts"),
      spread: source("core/associations/src/generate/spread.ts"),
      level2: source("core/asn-level2/src/index.ts"),
      level3: source("core/asn-level3/src/index.ts"),
    },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    conditions: ["@calwebb/source"],
  });
  pool = makePool(2, new URL(bundled("worker")));
});
afterAll(async () => {
  await pool.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  "nircam-mosaic",
  "nirspec-slits",
  "niriss-wfss",
])("two threads make the same files as one: %s", async (name) => {
  const file = source(`core/associations/test/truth/${name}.csv`);
  const exposures = readPool(readFileSync(file, "utf8"), { name: `${name}.csv` });
  const rules = [level2, level3];
  let pieces = 0;
  const executor: Executor = {
    workers: pool.workers,
    run: (task, work, options) => {
      pieces = work.length;
      return pool.run({ ...task, module: bundled("spread") }, work, options);
    },
  };
  const alone = await generateAsync(exposures, { rules });
  const spread = await generateAsync(exposures, {
    rules,
    executor,
    ruleModules: [bundled("level2"), bundled("level3")],
  });
  expect(pieces).toBeGreaterThan(1);
  expect(spread.associations.map((a) => dump(a))).toEqual(alone.associations.map((a) => dump(a)));
  expect(spread.orphans.rows).toEqual(alone.orphans.rows);
});
