import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { openModel } from "@calwebb/datamodels";
import { afterAll, beforeAll, expect, test } from "vitest";
import { refused } from "./support/check.js";
import { type Exposure, exposure, filesIn, temporaryFolder } from "./support/exposures.js";
import { type Ended, program, type Surroundings } from "./support/program.js";

// Runs that end in the middle: a full disk, an interrupt, a kill, a product of several that cannot be written.
const { path: folder, remove } = temporaryFolder();
afterAll(remove);
let good: Exposure;
beforeAll(async () => {
  good = await exposure(folder, "nircam", { size: 256, nints: 3, ngroups: 8 });
});

const ARGS = (out: string, ...more: string[]): string[] => [
  "calwebb_detector1",
  good.raw,
  "--references=references.json",
  `--output_dir=${out}`,
  ...more,
];
const strun = (argv: string[], around: Partial<Surroundings> = {}): Promise<Ended> =>
  program("strun", argv, { cwd: folder, ...around });

/** Every FITS file in a folder can be opened to its end. */
async function allWhole(path: string): Promise<string[]> {
  const files = existsSync(path) ? filesIn(path) : [];
  for (const file of files.filter((f) => f.endsWith(".fits"))) {
    const model = await openModel(fileSource(join(path, file)));
    await model.load();
    await model.close();
  }
  return files;
}

test("a full disk", async () => {
  mkdirSync(join(folder, "full"));
  const { message } = await refused(
    ARGS("full", "--save_calibrated_ramp=true"),
    { cwd: folder, fileLimit: 1_000_000 },
    1,
  );
  expect(message).toMatch(/cannot write .*_ramp.fits: the (disk is full|file would be larger)/);
});

test("one product of several fails: those before it are whole, it and its temporary file are not there", async () => {
  mkdirSync(join(folder, "one"));
  // The image is smaller than the cube of the integrations, and is written after it.
  const ended = await strun(ARGS("one", "--steps.dq_init.save_results=true", "-q"), { fileLimit: 4_000_000 });
  expect(ended.status).toBe(1);
  expect(ended.message).toMatch(/cannot write .*\.fits: the/);
  expect(ended.err).not.toMatch(/^\s+at /m);
  expect(await allWhole(join(folder, "one"))).toEqual([]);
});

test("an older product stays when the new one cannot be written", async () => {
  expect((await strun(ARGS("old", "-q"))).status).toBe(0);
  const name = good.raw.replace("uncal", "rateints");
  const before = readFileSync(join(folder, "old", name));
  const ended = await strun(ARGS("old", "-q"), { fileLimit: 1_000_000 });
  expect(ended.status).toBe(1);
  expect(readFileSync(join(folder, "old", name)).equals(before)).toBe(true);
  expect(filesIn(join(folder, "old"))).toEqual([good.raw.replace("uncal", "rate"), name]);
});

test("an output folder that is a file", async () => {
  writeFileSync(join(folder, "taken"), "");
  const { message } = await refused(ARGS("taken"), { cwd: folder }, 1);
  expect(message).toMatch(/taken/);
});

test.skipIf(process.getuid?.() === 0)("an output folder without permission to write", async () => {
  mkdirSync(join(folder, "locked"), { mode: 0o500 });
  const { message } = await refused(ARGS("locked"), { cwd: folder }, 1);
  chmodSync(join(folder, "locked"), 0o700);
  expect(message).toMatch(/locked.*permission denied/);
});

const moments: Record<string, (err: string) => boolean> = {
  "at its start": (err) => err.includes("Starting calwebb_detector1"),
  "between steps": (err) => err.includes("linearity - INFO - starts"),
  "in the fit": (err) => err.includes("ramp_fit - INFO - starts"),
  "while products are written": (err) => err.includes("ramp_fit - INFO - finished"),
};
for (const [name, when] of Object.entries(moments)) {
  test(`SIGINT ${name}`, async () => {
    const out = `int-${name.replaceAll(" ", "-")}`;
    const raw = readFileSync(join(folder, good.raw));
    const ended = await strun(ARGS(out), { interrupt: { signal: "SIGINT", when } });
    // A run that was quicker than the signal has ended well.
    expect([0, 130]).toContain(ended.status);
    expect(ended.err).not.toMatch(/^\s+at /m);
    for (const file of await allWhole(join(folder, out))) expect(file).toMatch(/_(rate|rateints)\.fits$/);
    expect(readFileSync(join(folder, good.raw)).equals(raw)).toBe(true);
  });

  test(`kill -9 ${name}`, async () => {
    const out = `kill-${name.replaceAll(" ", "-")}`;
    const raw = readFileSync(join(folder, good.raw));
    const ended = await strun(ARGS(out), { interrupt: { signal: "SIGKILL", when } });
    expect(ended.signal === "SIGKILL" || ended.status === 0).toBe(true);
    // A killed program cannot clean up, but what bears the name of a product is one, and the next run removes the rest.
    await allWhole(join(folder, out));
    expect(readFileSync(join(folder, good.raw)).equals(raw)).toBe(true);
    expect((await strun(ARGS(out, "-q"))).status).toBe(0);
    expect(readdirSync(join(folder, out)).filter((f) => f.endsWith(".part"))).toEqual([]);
  });
}

test("SIGTERM", async () => {
  const ended = await strun(ARGS("term"), { interrupt: { signal: "SIGTERM", when: moments["between steps"] } });
  expect([0, 130, 143]).toContain(ended.status);
  await allWhole(join(folder, "term"));
});
