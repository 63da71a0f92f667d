import { join } from "node:path";
import { imagingObservation } from "@calwebb/simulator";
import { wcsOf } from "@calwebb/wcs";
import { afterAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./support/exposures.js";
import { Reduction } from "./support/observations.js";

// Differences between exposures are found: sky levels by skymatch, pointing errors by tweakreg.
const { path: root, remove } = temporaryFolder();
afterAll(remove);

test("skymatch finds what each exposure has more than the faintest one", async () => {
  const extra = [3, 0, 8, 5];
  const reduction = await Reduction.of(
    imagingObservation({
      detectors: ["NRCB3"],
      size: 96,
      dithers: 4,
      nints: 1,
      ngroups: 4,
      readpatt: "MEDIUM8",
      seed: 2,
      // Drifts of the electronics look like sky.
      effects: { cosmicRays: 0, electronics: 0 },
      field: { stars: 200, galaxies: 50 },
      extraSky: (k) => extra[k],
    }),
    join(root, "sky"),
    // Without drifts, the noise of the few reference pixels of a subarray is all that refpix would add.
    { steps: { refpix: { skip: true } } },
  );
  await reduction.stage3({
    tweakreg: { skip: true },
    skymatch: { skystat: "median" },
    source_catalog: { skip: true },
  });
  const levels: number[] = [];
  for (const k of extra.keys()) {
    const crf = await reduction.open(k, "o001_crf");
    levels.push(crf.meta.background.level ?? Number.NaN);
  }
  process.stdout.write(`sky levels ${levels.map((v) => v.toFixed(3)).join(", ")} MJy/sr, put in ${extra.join(", ")}\n`);
  for (const [k, level] of levels.entries()) expect(Math.abs(level - extra[k])).toBeLessThan(0.15);
});

describe("tweakreg takes pointing errors out", () => {
  const errors = [
    { east: 0.04, north: -0.06, turn: 0 },
    { east: -0.12, north: 0.05, turn: 0.02 },
    { east: 0.09, north: 0.11, turn: -0.03 },
  ];
  const observe = (name: string): Promise<Reduction> =>
    Reduction.of(
      imagingObservation({
        detectors: ["NRCB1"],
        size: 160,
        dithers: 3,
        nints: 1,
        ngroups: 5,
        readpatt: "SHALLOW4",
        seed: 4,
        effects: { cosmicRays: 0.2, electronics: 0.3 },
        field: { stars: 3500, galaxies: 0, brightest: 18, faintest: 22.5 },
        pointingError: (k) => errors[k],
      }),
      join(root, name),
    );

  /** Where each exposure places the middle of its field, beside where it is [arcsec]: before and after. */
  async function misses(reduction: Reduction, suffix: string): Promise<[number, number][]> {
    const out: [number, number][] = [];
    for (const [k, { view }] of reduction.exposures.entries()) {
      const model = await reduction.open(k, suffix);
      const wcs = wcsOf(model);
      const { ra = 0, dec = 0 } = model.meta.target;
      const [x, y] = view?.place(ra, dec) ?? [0, 0];
      const [[r], [d]] = wcs?.forward(Float64Array.of(x), Float64Array.of(y)) ?? [[], []];
      out.push([(r - ra) * Math.cos((dec * Math.PI) / 180) * 3600, (d - dec) * 3600]);
    }
    return out;
  }
  const params = {
    minobj: 8,
    abs_minobj: 8,
    snr_threshold: 10,
    kernel_fwhm: 2.3,
    separation: 0.3,
    searchrad: 0.5,
    tolerance: 0.2,
  };
  const others = { skymatch: { skip: true }, source_catalog: { skip: true } };

  test("relative to the first exposure, then to a catalog", async () => {
    const reduction = await observe("pointing");
    const before = await misses(reduction, "cal");
    for (const [k, [east, north]] of before.entries()) {
      expect(east).toBeCloseTo(-errors[k].east, 2);
      expect(north).toBeCloseTo(-errors[k].north, 2);
    }
    await reduction.stage3({ tweakreg: params, ...others });
    const relative = await misses(reduction, "o001_crf");
    const [[x0, y0]] = relative;
    const worst = Math.max(...relative.map(([x, y]) => Math.hypot(x - x0, y - y0)));
    process.stdout.write(`tweakreg: exposures agree to ${(1000 * worst).toFixed(1)} mas`);
    expect(worst).toBeLessThan(0.005);
    await reduction.stage3({
      tweakreg: {
        ...params,
        abs_refcat: reduction.written.truth,
        abs_separation: 0.25,
        abs_searchrad: 0.5,
        abs_tolerance: 0.15,
      },
      ...others,
    });
    const absolute = Math.max(...(await misses(reduction, "o001_crf")).map(([x, y]) => Math.hypot(x, y)));
    process.stdout.write(`, with the sky to ${(1000 * absolute).toFixed(1)} mas\n`);
    expect(absolute).toBeLessThan(0.01);
  });
});
