import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { atomicFileSink } from "@calwebb/bytes/node";
import { createModel, encodeModel } from "@calwebb/datamodels";
import { buildSync } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesIn } from "./surroundings.js";

// The programs as processes: exit statuses and signals.
const folder = mkdtempSync(join(tmpdir(), "calwebb-process-"));
const INPUT = "x_uncal.fits";

const STEP = `
const tag = Symbol.for("calwebb.error");
const fail = (kind, exitCode) => { throw Object.assign(new Error(kind), { kind, exitCode, fields: {}, [tag]: kind }); };
const step = (alias, body) => ({ apiVersion: 1, kind: "step", alias, className: alias, classPath: "acme." + alias, description: "", inputModels: ["RampModel"],
  outputModels: ["RampModel"], calStep: null, parameters: {}, allParameters: {}, references: [], prefetch: true, takesFiles: false, steps: {}, gate() {},
  load: async () => body });
export const nodata = step("nodata", () => fail("NoDataOnDetector", 64));
export const broken = step("broken", () => { throw new Error("numbers went wrong"); });
export const waits = step("waits", async (input, ctx) => {
  process.stderr.write("waiting\\n");
  await new Promise((done) => { const t = setInterval(() => {}, 1000); ctx.signal.addEventListener("abort", () => { clearInterval(t); done(); }); });
  return input;
});
`;

beforeAll(async () => {
  const bins = ["strun", "calwebb"].map((b) => fileURLToPath(new URL(`../src/bin/${b}.ts`, import.meta.url)));
  buildSync({
    entryPoints: bins,
    outdir: join(folder, "bin"),
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    conditions: ["@calwebb/source"],
    // Loaded on demand only, and not by these tests.
    external: ["@calwebb/detector1", "@calwebb/dark", "@calwebb/guider"],
    logLevel: "error",
  });
  writeFileSync(join(folder, "bin/package.json"), '{"type": "module"}');
  writeFileSync(join(folder, "package.json"), '{"dependencies": {"acme": "1"}}');
  mkdirSync(join(folder, "node_modules/acme"), { recursive: true });
  writeFileSync(join(folder, "node_modules/acme/package.json"), '{"type": "module", "calwebb": {"steps": "./s.js"}}');
  writeFileSync(join(folder, "node_modules/acme/s.js"), STEP);
  const model = createModel("RampModel", { shape: [1, 2, 4, 4] });
  await encodeModel(model, atomicFileSink(join(folder, INPUT)));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  status: number | null;
  signal: string | null;
  out: string;
  err: string;
}

function program(name: string, argv: string[], interrupt?: { when: string; signal: NodeJS.Signals }): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(folder, `bin/${name}.js`), ...argv], { cwd: folder });
    let out = "";
    let err = "";
    let sent = false;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      err += text;
      if (!sent && interrupt && err.includes(interrupt.when)) sent = child.kill(interrupt.signal);
    });
    child.on("close", (status, signal) => resolve({ status, signal, out, err }));
  });
}

test("exit statuses: done, failed, wrong usage, no data on the detector", async () => {
  expect(await program("calwebb", ["--version"])).toMatchObject({ status: 0, err: "" });
  expect(await program("strun", ["group_scale", INPUT, "--output_dir=o", "-q"])).toMatchObject({ status: 0, err: "" });
  expect(filesIn(join(folder, "o"))).toEqual(["x_groupscalestep.fits"]);
  const failed = await program("strun", ["broken", INPUT, "-q"]);
  expect(failed).toMatchObject({ status: 1, err: `strun: step broken failed on ${INPUT}: numbers went wrong\n` });
  expect(await program("strun", ["group_scale", INPUT, "--nope=1"])).toMatchObject({ status: 2 });
  expect(await program("strun", ["nodata", INPUT, "-q"])).toMatchObject({ status: 64 });
});

test("--debug shows where an error comes from", async () => {
  const { err } = await program("strun", ["broken", INPUT, "-q", "--debug"]);
  expect(err).toMatch(/Error: numbers went wrong\n +at .*s\.js/);
});

test("an interrupt ends the run with status 130 and leaves no half file", async () => {
  const before = filesIn(folder);
  const ended = await program("strun", ["waits", INPUT, "-q"], { when: "waiting", signal: "SIGINT" });
  expect(ended.status).toBe(130);
  expect(ended.err).toContain("interrupted");
  expect(filesIn(folder)).toEqual(before);
});
