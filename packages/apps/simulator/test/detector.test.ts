import { random } from "@calwebb/rng";
import { describe, expect, test } from "vitest";
import { cosmicRays } from "../src/detector/cosmic-rays.js";
import { expose, SPACE } from "../src/detector/expose.js";
import { geometryOf } from "../src/detector/geometry.js";
import { INTERLEAVED, irs2Rows, REFERENCE_OUTPUT, rawRows, scienceRows } from "../src/detector/irs2.js";
import { compress, drawMaps } from "../src/detector/maps.js";
import { modeOf } from "../src/modes.js";

describe("geometry", () => {
  test("a NIRCam corner subarray keeps the reference pixels of two edges", () => {
    const g = geometryOf(modeOf("nircam", { size: 32 }));
    const row = (y: number) => [...g.reference.subarray(y * 32, y * 32 + 32)].reduce((a, b) => a + b);
    expect([row(0), row(3), row(4), row(31)]).toEqual([32, 32, 4, 4]);
  });

  test("full frames have 4 amplifiers: side by side in the near infrared, interleaved for MIRI", () => {
    const nir = geometryOf(modeOf("nircam"));
    expect([0, 511, 512, 2047].map((x) => nir.amplifier[x])).toEqual([0, 0, 1, 3]);
    const miri = geometryOf(modeOf("miri"));
    expect([0, 1, 2, 3, 4].map((x) => miri.amplifier[x])).toEqual([0, 1, 2, 3, 0]);
    expect(miri.reference[3] + miri.reference[4]).toBe(1);
  });

  test("IRS2 rows: 640 of the reference output, 2048 of science, 512 interleaved", () => {
    const rows = irs2Rows();
    const count = (v: number) => rows.reduce((a, r) => a + Number(r === v), 0);
    expect([count(REFERENCE_OUTPUT), count(INTERLEAVED)]).toEqual([640, 512]);
    expect([...rows.subarray(640, 654)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, -1, -1, -1, -1, 8, 9]);
    expect(rows[3199]).toBe(2047);
    const map = Float32Array.from({ length: 2048 * 2 }, (_, i) => i);
    expect(scienceRows(rawRows(map, 2), 2)).toEqual(map);
  });
});

test("compress is the inverse of the linearity polynomial", () => {
  for (const signal of [0, 100, 20_000, 45_000]) {
    const m = compress(signal, 1.1e-6, 4e-12);
    expect(m + 1.1e-6 * m * m + 4e-12 * m ** 3).toBeCloseTo(signal, 6);
  }
});

test("without noise a pixel rises by its rate, limited by its full well", () => {
  const mode = modeOf("nircam", { size: 16 });
  const geometry = geometryOf(mode);
  const maps = drawMaps(mode, geometry, random(3));
  const quiet = {
    cosmicRays: 0,
    snowballs: 1,
    electronics: 0,
    readNoise: 0,
    photons: 0,
    reset: 0,
    resetAnomaly: 0,
    interference: 0,
  };
  const light = new Float32Array(256).fill(1000 / mode.frameTime);
  light[10 * 16 + 10] = 1e9;
  const { data, zeroframe } = expose(
    mode,
    geometry,
    maps,
    () => light,
    { nints: 1, ngroups: 4, zeroframe: true },
    quiet,
    random(1),
  );
  const p = 8 * 16 + 6;
  const step = data[2 * 256 + p] - data[256 + p];
  expect(step * maps.gain[p]).toBeGreaterThan(0.9 * 1000 * maps.flat[p]);
  expect(step * maps.gain[p]).toBeLessThan(1.05 * 1000 * maps.flat[p]);
  expect(data[3 * 256 + 170]).toBe(Math.round(maps.saturation[170] + 2500));
  expect(data[0]).toBe(Math.round(maps.bias[0]));
  expect(zeroframe?.[p]).toBe(data[p]);
});

test("snowballs take the share of the cosmic rays that is asked for", () => {
  const large = (snowballs: number) => cosmicRays(2048, 2048, 100, 0.1, snowballs, random(4)).length;
  expect(large(0)).toBeLessThan(1500);
  expect(large(250)).toBeGreaterThan(20 * large(0));
});

test("the same seed gives the same exposure, noise and cosmic rays included", () => {
  const mode = modeOf("niriss", { size: 64, readpatt: "NIS" });
  const run = (seed: number) => {
    const geometry = geometryOf(mode);
    const r = random(seed);
    const maps = drawMaps(mode, geometry, r);
    return expose(mode, geometry, maps, () => new Float32Array(4096).fill(5), { nints: 1, ngroups: 3 }, SPACE, r).data;
  };
  expect(run(5)).toEqual(run(5));
  expect(run(5)).not.toEqual(run(6));
});
