import { join } from "node:path";
import { atomicFileSink } from "@calwebb/bytes/node";
import { encodeModel, type RampModel } from "@calwebb/datamodels";
import { group, pixel } from "@calwebb/dqflags";
import { random } from "@calwebb/rng";
import { imagingObservation } from "@calwebb/simulator";
import { afterAll, expect, test } from "vitest";
import { temporaryFolder } from "./support/exposures.js";
import { loaded, Reduction } from "./support/observations.js";

// Cosmic rays that were put in are taken out: jumps of ramps in stage 1, outliers among exposures in stage 3.
const { path: root, remove } = temporaryFolder();
afterAll(remove);

const SIZE = 128;
/** Charge of a hit that must not be missed: 15 times the noise of a difference of two groups [e-]. */
const BRIGHT = 250;
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;

test("jumps: bright cosmic rays are flagged, quiet pixels are not", async () => {
  const ngroups = 8;
  /** Electrons that hit a pixel before a group, [group, pixel]. */
  const struck = new Float32Array(ngroups * SIZE * SIZE);
  const reduction = await Reduction.of(
    imagingObservation({
      detectors: ["NRCB1"],
      size: SIZE,
      dithers: 1,
      nints: 1,
      ngroups,
      seed: 5,
      effects: { cosmicRays: 4000, electronics: 0.3 },
      field: { stars: 300, galaxies: 0 },
      onCosmicRays: (_exposure, _integration, g, hits) => {
        for (const [p, electrons] of hits) struck[g * SIZE * SIZE + p] += electrons;
      },
    }),
    join(root, "jumps"),
    { save_calibrated_ramp: true },
  );
  const ramp = await loaded<RampModel>(reduction.path(0, "ramp"));
  const [flags, bad] = [ramp.groupdq.flat(), ramp.pixeldq.flat()];
  const n = SIZE * SIZE;
  const { reference } = reduction.exposures[0].geometry;
  const near = (p: number, g: number): boolean => {
    const [x, y] = [p % SIZE, Math.floor(p / SIZE)];
    for (let dy = -2; dy <= 2; dy++)
      for (let dx = -2; dx <= 2; dx++) {
        const [u, v] = [x + dx, y + dy];
        if (u < 0 || v < 0 || u >= SIZE || v >= SIZE) continue;
        for (const at of [g - 1, g]) if (at >= 0 && struck[at * n + v * SIZE + u] > 0) return true;
      }
    return false;
  };
  let [strikes, caught, quiet, alarms] = [0, 0, 0, 0];
  for (let g = 1; g < ngroups; g++)
    for (let p = 0; p < n; p++) {
      if (reference[p] || (bad[p] & (pixel.DO_NOT_USE | pixel.HOT | pixel.NO_LIN_CORR)) !== 0) continue;
      const flag = flags[g * n + p];
      if ((flag & (group.SATURATED | group.DO_NOT_USE)) !== 0) continue;
      const jump = (flag & group.JUMP_DET) !== 0;
      if (struck[g * n + p] > BRIGHT) {
        strikes++;
        if (jump) caught++;
      } else if (!near(p, g)) {
        quiet++;
        if (jump) alarms++;
      }
    }
  process.stdout.write(
    `jumps: ${percent(caught / strikes)} of ${strikes} hits above ${BRIGHT} electrons flagged, false alarms ${percent(alarms / quiet)}\n`,
  );
  expect(strikes).toBeGreaterThan(300);
  expect(caught / strikes).toBeGreaterThan(0.97);
  expect(alarms / quiet).toBeLessThan(0.003);
});

test("outliers: hits that only one exposure has are flagged, the rest is not", async () => {
  const reduction = await Reduction.of(
    imagingObservation({
      detectors: ["NRCB1"],
      size: 128,
      dithers: 4,
      nints: 1,
      ngroups: 5,
      readpatt: "SHALLOW4",
      seed: 6,
      effects: { cosmicRays: 0, electronics: 0.3 },
      field: { stars: 300, galaxies: 100 },
    }),
    join(root, "outliers"),
  );
  const r = random(9);
  const injected: Set<number>[] = [];
  for (const k of reduction.exposures.keys()) {
    const model = await reduction.open(k, "cal");
    const [data, err, dq] = [model.data.flat(), model.err.flat(), model.dq.flat()];
    const hits = new Set<number>();
    while (hits.size < 60) {
      const p = r.integer(data.length);
      if ((dq[p] & pixel.DO_NOT_USE) !== 0 || !Number.isFinite(data[p])) continue;
      hits.add(p);
      data[p] += (20 + 100 * r.uniform()) * err[p];
    }
    injected.push(hits);
    const path = reduction.path(k, "cal");
    await encodeModel(model, atomicFileSink(path), { fileName: path.split("/").at(-1) });
    await model.close();
  }
  await reduction.stage3({ tweakreg: { skip: true }, source_catalog: { skip: true } });
  let [caught, total, quiet, alarms] = [0, 0, 0, 0];
  for (const [k, hits] of injected.entries()) {
    const crf = await reduction.open(k, "o001_crf");
    for (const [p, flag] of crf.dq.flat().entries()) {
      const outlier = (flag & pixel.OUTLIER) !== 0;
      if (hits.has(p)) {
        total++;
        if (outlier) caught++;
      } else if (outlier || (flag & pixel.DO_NOT_USE) === 0) {
        quiet++;
        if (outlier) alarms++;
      }
    }
  }
  process.stdout.write(
    `outliers: ${percent(caught / total)} of ${total} injected hits flagged, false alarms ${percent(alarms / quiet)}\n`,
  );
  expect(caught / total).toBeGreaterThan(0.9);
  expect(alarms / quiet).toBeLessThan(0.01);
});
