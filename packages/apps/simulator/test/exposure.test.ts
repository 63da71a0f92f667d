import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import {
  type GuiderRawModel,
  type Level1bModel,
  type MaskModel,
  openModel,
  type ResetModel,
} from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import { expect, test } from "vitest";
import { emiClocks, emiFrequency, interference } from "../src/detector/emi.js";
import { MODES, modeOf, references, simulate, writeExposure } from "../src/index.js";

const small = (name: string) => modeOf(name, MODES[name].guider ? {} : { size: 16 });

test.each(
  Object.keys(MODES).filter((name) => name !== "nirspec-irs2"),
)("%s: file and references can be opened", async (name) => {
  const folder = mkdtempSync(join(tmpdir(), "calwebb-simulator-"));
  try {
    const exposure = simulate(small(name), { nints: 1, ngroups: 3, seed: 4 });
    const written = await writeExposure(exposure, { folder, ngroups: 3 });
    const model = await openModel(fileSource(written.uncal));
    expect(model.modelType).toBe(MODES[name].guider ? "GuiderRawModel" : "Level1bModel");
    expect(model.meta.exposure.type).toBe(MODES[name].expType);
    const set: Record<string, string> = JSON.parse(readFileSync(written.references, "utf8"));
    for (const [type, file] of Object.entries(set)) {
      if (file === "N/A") continue;
      const reference = await openModel(fileSource(join(folder, file)));
      expect(String(reference.get("meta.reftype")).toLowerCase()).toBe(type);
      expect(reference.meta.instrument.name).toBe(MODES[name].instrument);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("the flags of the detector are in the files", async () => {
  const folder = mkdtempSync(join(tmpdir(), "calwebb-simulator-"));
  try {
    const exposure = simulate(modeOf("nircam", { size: 96 }), { nints: 1, ngroups: 2, seed: 4 });
    const written = await writeExposure(exposure, { folder, ngroups: 2 });
    const set: Record<string, string> = JSON.parse(readFileSync(written.references, "utf8"));
    const mask = (await openModel(fileSource(join(folder, set["mask"])))) as MaskModel;
    await mask.load();
    const { flags } = exposure.maps;
    const kept = pixel.DO_NOT_USE | pixel.DEAD | pixel.HOT | pixel.REFERENCE_PIXEL;
    expect(mask.dq.flat()).toEqual(flags.map((word) => word & kept));
    expect(flags.some((word) => (word & pixel.HOT) !== 0)).toBe(true);
    await mask.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("guider exposures have the tables of their function", () => {
  const take = (name: string) => simulate(small(name), { nints: 1, ngroups: 2, seed: 1 }).model as GuiderRawModel;
  expect(take("fgs-id-image").planned_star_table?.nrows).toBe(1);
  const track = take("fgs-track");
  expect(track.planned_star_table).toBeUndefined();
  expect([track.pointing_table?.nrows, track.centroid_table?.nrows, track.track_sub_table?.nrows]).toEqual([2, 2, 2]);
});

test("zero frames are the first frames", () => {
  const { model } = simulate(modeOf("nircam", { size: 16, readpatt: "SHALLOW4" }), {
    nints: 2,
    ngroups: 2,
    seed: 2,
    zeroframe: true,
  });
  const raw = model as Level1bModel;
  expect(raw.zeroframe.shape).toEqual([2, 16, 16]);
  expect(raw.meta.exposure.zero_frame).toBe(true);
});

test("the reset reference of MIRI takes away what the exposure shows after a reset", () => {
  const exposure = simulate(modeOf("miri", { size: 16 }), {
    nints: 2,
    ngroups: 4,
    seed: 3,
    effects: { cosmicRays: 0, electronics: 0, readNoise: 0, photons: 0, reset: 0, interference: 0 },
    field: { background: 0, stars: 0, galaxies: 0 },
  });
  const reset = [...references(exposure, 4)].find(({ type }) => type === "reset")?.model as ResetModel;
  expect(reset.data.shape).toEqual([2, 4, 16, 24]);
  const { data } = exposure.model as Level1bModel;
  const pixel = (integration: number, group: number): number =>
    data.get(integration, group, 8, 10) - reset.data.get(integration, group, 8, 10);
  for (const integration of [0, 1])
    for (const g of [1, 2, 3]) expect(Math.abs(pixel(integration, g) - pixel(0, 3))).toBeLessThan(1.1);
  expect(reset.data.get(0, 0, 8, 10)).toBeLessThan(-10);
});

test("the interference of MIRI has its period, and other phases from reading to reading", () => {
  for (const mode of [modeOf("miri"), modeOf("miri", { size: 64 })]) {
    const wave = interference(mode, 1, 0, 0);
    const period = 1e5 / emiFrequency(mode);
    const { rowclocks } = emiClocks(mode);
    // Two pixels whose reading times differ by about a period see about the same.
    const row = Math.floor(period / rowclocks);
    const column = 4 * Math.round(period - row * rowclocks);
    expect(wave(column, row)).toBeCloseTo(wave(0, 0), 1);
    expect(Math.abs(interference(mode, 1, 1, 0)(8, 0) - wave(8, 0))).toBeGreaterThan(0.3);
  }
});

test("full frames of MIRI have the reference output", () => {
  const mode = { ...modeOf("miri"), ysize: 8 };
  const raw = simulate(mode, { nints: 1, ngroups: 2, seed: 1 }).model as Level1bModel;
  expect(raw.refout.shape).toEqual([1, 2, 8, 258]);
});
