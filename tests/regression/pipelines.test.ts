import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { type CubeModel, type ImageModel, type Model, openModel, type RampModel } from "@calwebb/datamodels";
import { group, pixel } from "@calwebb/dqflags";
import { afterAll, describe, expect, test } from "vitest";
import { type Exposure, exposure, filesIn, temporaryFolder, type Wanted } from "./support/exposures.js";
import { headerAt } from "./support/fits-bytes.js";
import { type Ended, program } from "./support/program.js";

// Whole pipelines on simulated exposures of every kind, through the built command line.
const { path: root, remove } = temporaryFolder();
afterAll(remove);

let count = 0;
const take = (mode: string, wanted: Wanted = {}): Promise<Exposure> =>
  exposure(join(root, String(count++)), mode, wanted);

/** Run a pipeline into a folder of its own; gives its products by suffix. */
async function calibrate(
  from: Exposure,
  pipeline: string,
  out: string,
  ...argv: string[]
): Promise<Record<string, Model>> {
  const ended: Ended = await program(
    "strun",
    [pipeline, from.raw, "--references=references.json", `--output_dir=${out}`, "-q", ...argv],
    { cwd: from.folder },
  );
  expect(ended).toMatchObject({ status: 0, message: "" });
  const products: Record<string, Model> = {};
  for (const file of filesIn(join(from.folder, out))) {
    const model = await openModel(fileSource(join(from.folder, out, file)));
    await model.load();
    products[/_([a-z0-9]+)\.fits$/.exec(file)?.[1] ?? file] = model;
  }
  return products;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1];

const QUIET_SKY = { stars: 0, galaxies: 0, fwhm: 2 };
const NIR_STEPS = ["dq_init", "saturation", "superbias", "linearity", "dark_sub", "jump", "ramp_fit"];
const MIRI_STEPS = ["dq_init", "saturation", "linearity", "dark_sub", "rscd", "lastframe", "jump", "ramp_fit"];

describe("calwebb_detector1 recovers a flat source", () => {
  for (const mode of ["nircam", "niriss", "nirspec", "miri", "fgs"])
    test(mode, async () => {
      const rate = 20_000;
      const from = await take(mode, { size: 48, ngroups: 8, field: { ...QUIET_SKY, background: rate } });
      const { rate: image, rateints, ...others } = await calibrate(from, "calwebb_detector1", "out");
      expect(Object.keys(others)).toEqual([]);
      const status = image.meta.cal_step as Record<string, string>;
      for (const step of mode === "miri" ? MIRI_STEPS : NIR_STEPS) expect(status[step], step).toBe("COMPLETE");
      for (const step of ["charge_migration", "clean_flicker_noise", "persistence"])
        expect(status[step], step).toBe("SKIPPED");
      const { data, err, dq } = image as ImageModel;
      const { maps, geometry } = from.simulated;
      const pulls: number[] = [];
      const rates: number[] = [];
      for (let p = 0; p < data.data.length; p++) {
        if (dq.data[p] & (pixel.DO_NOT_USE | pixel.HOT | pixel.NO_LIN_CORR) || geometry.reference[p]) continue;
        const truth = (rate * maps.flat[p]) / maps.gain[p];
        pulls.push((data.data[p] - truth) / err.data[p]);
        rates.push(data.data[p] / truth);
      }
      expect(rates.length).toBeGreaterThan(1500);
      expect(Math.abs(median(rates) - 1)).toBeLessThan(0.01);
      const spread = 1.4826 * median(pulls.map(Math.abs));
      expect(spread).toBeGreaterThan(0.7);
      expect(spread).toBeLessThan(1.5);
      expect((rateints as CubeModel).data.shape).toEqual([2, 48, mode === "miri" ? 56 : 48]);
    });
});

test("cosmic rays are flagged where they fell", async () => {
  const wanted: Wanted = { size: 64, nints: 1, ngroups: 10, field: { ...QUIET_SKY, background: 2 } };
  const quiet = await take("nircam", { ...wanted, effects: { cosmicRays: 0 } });
  const stormy = await take("nircam", { ...wanted, effects: { cosmicRays: 10_000 } });
  const jumps = async (from: Exposure): Promise<number> => {
    const { ramp, rate } = await calibrate(from, "calwebb_detector1", "out", "--save_calibrated_ramp=true");
    const flags = (ramp as RampModel).groupdq.data;
    let n = 0;
    for (const flag of flags) if (flag & group.JUMP_DET) n++;
    const { dq } = rate as ImageModel;
    expect(dq.data.some((flag) => (flag & pixel.JUMP_DET) !== 0)).toBe(n > 0);
    return n;
  };
  const background = await jumps(quiet);
  expect(await jumps(stormy)).toBeGreaterThan(background + 100);
});

describe("calwebb_guider", () => {
  for (const mode of ["fgs-id-image", "fgs-id-stack", "fgs-acq1", "fgs-acq2", "fgs-track", "fgs-fineguide"])
    test(mode, async () => {
      const ngroups = mode === "fgs-fineguide" ? 8 : 2;
      const from = await take(mode, { nints: 2, ngroups });
      const { cal, ...others } = await calibrate(from, "calwebb_guider", "out");
      expect(Object.keys(others)).toEqual([]);
      expect(cal.modelType).toBe("GuiderCalModel");
      expect(cal.meta.cal_step).toMatchObject({ dq_init: "COMPLETE", guider_cds: "COMPLETE", flat_field: "COMPLETE" });
      // The guide star is where the simulator puts it.
      const { data } = cal as ImageModel;
      const [, ny, nx] = data.shape;
      const first = Array.from(data.data.subarray(0, nx * ny), (v) =>
        Number.isFinite(v) ? v : Number.NEGATIVE_INFINITY,
      );
      const peak = first.indexOf(first.reduce((a, b) => Math.max(a, b)));
      expect(Math.abs((peak % nx) - 0.48 * nx)).toBeLessThan(2);
      expect(Math.abs(Math.floor(peak / nx) - 0.53 * ny)).toBeLessThan(2);
    });
});

test("calwebb_dark gives the calibrated ramp", async () => {
  const from = await take("niriss", { size: 32 });
  const products = await calibrate(from, "calwebb_dark", "out");
  expect(Object.values(products).map((m) => m.modelType)).toEqual(["RampModel"]);
  const [ramp] = Object.values(products);
  expect(ramp.meta.cal_step).toMatchObject({ linearity: "COMPLETE", superbias: "COMPLETE" });
  expect(ramp.shape).toEqual([2, 6, 32, 32]);
});

/** The bytes of a product without what says when it was made. */
function timeless(path: string): string {
  return readFileSync(path)
    .toString("latin1")
    .replace(/DATE {4}= '[^']*'/g, "DATE")
    .replace(/(?<=date: '?|time: '?)\d{4}-\d\d-\d\d[T ][\d:.]+/g, "");
}

/** How often cosmic rays hit; adding up pieces may change its last digit. */
const cosmicRays = (path: string): number => Number(/PRIMECRS= *([\d.E-]+)/.exec(timeless(path))?.[1]);

/** The same, without how often cosmic rays hit, and without the ASDF extension, which says so too. */
function uncounted(path: string): string {
  const bytes = readFileSync(path);
  const { start } = headerAt(bytes, "ASDF");
  return timeless(path)
    .slice(0, start)
    .replace(/PRIMECRS= *[\d.E-]+/, "PRIMECRS");
}

describe("the same bytes", () => {
  for (const mode of ["nircam", "miri"])
    test(`${mode}: with one worker, with two, and in pieces`, async () => {
      const from = await take(mode, { size: 128, nints: 6, ngroups: 10, effects: { cosmicRays: 1000 } });
      const strun = (...argv: string[]): Promise<Ended> =>
        program("strun", ["calwebb_detector1", from.raw, "--references=references.json", ...argv], {
          cwd: from.folder,
        });
      const refused = await strun("--output_dir=none", "--max-memory=1M");
      expect(refused.status).toBe(1);
      const least = Number(/needs about (\d+) MiB/.exec(refused.message)?.[1]);
      expect(least).toBeGreaterThan(1);
      for (const [out, ...argv] of [
        ["one", "--cores=1"],
        ["two", "--cores=2"],
        ["pieces", `--max-memory=${least + 1}M`],
      ]) {
        const ended = await strun(`--output_dir=${out}`, ...argv);
        expect(ended.status).toBe(0);
        expect(ended.err.includes("rows at a time")).toBe(out === "pieces");
      }
      const names = filesIn(join(from.folder, "one"));
      expect(names.length).toBe(2);
      for (const name of names) {
        const at = (out: string): string => join(from.folder, out, name);
        expect(timeless(at("two")) === timeless(at("one")), `${name} with two workers`).toBe(true);
        expect(uncounted(at("pieces")) === uncounted(at("one")), `${name} in pieces`).toBe(true);
        expect(cosmicRays(at("pieces"))).toBeCloseTo(cosmicRays(at("one")), 10);
      }
    });
});
