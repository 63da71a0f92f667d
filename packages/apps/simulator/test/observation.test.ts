import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileSource } from "@calwebb/bytes/node";
import { type Level1bModel, openModel } from "@calwebb/datamodels";
import { readEcsv } from "@calwebb/ecsv";
import { afterAll, describe, expect, test } from "vitest";
import {
  coronagraphyObservation,
  type ImagingOptions,
  imagingObservation,
  timeSeriesObservation,
  wavefrontObservation,
  writeObservation,
} from "../src/index.js";

const root = mkdtempSync(join(tmpdir(), "calwebb-observation-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SMALL: ImagingOptions = { detectors: ["NRCB1"], size: 24, nints: 1, ngroups: 2, seed: 1, dithers: 2 };
const membersOf = (file: string): [string, string][][] =>
  JSON.parse(readFileSync(file, "utf8")).products.map((p: { members: { expname: string; exptype: string }[] }) =>
    p.members.map((m) => [m.expname, m.exptype]),
  );
const metaOf = (take: { exposure: { model: unknown } }) => (take.exposure.model as Level1bModel).meta;

describe("imaging", () => {
  test("two detectors: exposures, reference sets, associations, truth and a cache for both", async () => {
    const folder = join(root, "two");
    const seen: string[] = [];
    const written = await writeObservation(imagingObservation({ ...SMALL, detectors: ["NRCB1", "NRCBLONG"] }), {
      folder,
      crds: true,
      onExposure: (exposure) => seen.push(exposure.fileName),
    });
    expect(seen).toEqual([
      "jw01234001001_02101_00001_nrcb1_uncal.fits",
      "jw01234001001_02101_00001_nrcblong_uncal.fits",
      "jw01234001001_02101_00002_nrcb1_uncal.fits",
      "jw01234001001_02101_00002_nrcblong_uncal.fits",
    ]);
    const { NRCB1, NRCBLONG } = written.detectors;
    expect(NRCBLONG.references).toMatch(/references_nrcblong\.json$/);
    expect(membersOf(NRCB1.stage2)).toEqual([
      [["jw01234001001_02101_00001_nrcb1_rate.fits", "science"]],
      [["jw01234001001_02101_00002_nrcb1_rate.fits", "science"]],
    ]);
    expect(membersOf(written.stage3)[0].length).toBe(4);
    for (const { references } of [NRCB1, NRCBLONG]) {
      const set: Record<string, string> = JSON.parse(readFileSync(references, "utf8"));
      for (const type of ["distortion", "filteroffset", "photom", "area", "apcorr", "abvegaoffset", "flat"])
        expect(existsSync(join(folder, set[type])), type).toBe(true);
    }
    const rmap = readFileSync(join(folder, "crds/mappings/jwst/jwst_nircam_distortion_0001.rmap"), "utf8");
    expect(rmap).toMatch(/'NRCB1'[\s\S]*'NRCBLONG'/);
    const truth = readEcsv(readFileSync(written.truth, "utf8"), "truth");
    expect(truth.columns.map((c) => c.name)).toContain("abmag");
    const model = await openModel(fileSource(NRCB1.uncal[1]));
    expect(model.meta.wcsinfo.s_region).toMatch(/^POLYGON ICRS/);
    expect(model.meta.dither.position_number).toBe(2);
    await model.close();
  });

  test("a mosaic has a dither pattern on every tile, and moves by its tiles", () => {
    const observation = imagingObservation({ ...SMALL, mosaic: { columns: 2, rows: 2, overlap: 0.25 } });
    const takes = [...observation.takes()];
    expect(takes.length).toBe(8);
    const [a, b] = [metaOf(takes[0]).wcsinfo, metaOf(takes[2]).wcsinfo];
    const east = ((a.ra_ref ?? 0) - (b.ra_ref ?? 0)) * Math.cos(((a.dec_ref ?? 0) * Math.PI) / 180);
    const apart = Math.hypot(east, (a.dec_ref ?? 0) - (b.dec_ref ?? 0)) * 3600;
    expect(apart / 0.0307).toBeCloseTo(0.75 * 24, 0);
  });

  test("a pointing error moves the stars and not the header", () => {
    const light = (error: number) => {
      const [take] = imagingObservation({ ...SMALL, pointingError: () => ({ east: error }) }).takes();
      return take;
    };
    const [straight, off] = [light(0), light(0.2)];
    expect(metaOf(off).wcsinfo.ra_ref).toBe(metaOf(straight).wcsinfo.ra_ref);
    expect(off.exposure.light).not.toEqual(straight.exposure.light);
  });

  test("exposures of one detector differ by their noise only; detectors differ", () => {
    const [a, b] = [...imagingObservation({ ...SMALL, sources: [] }).takes()].map((t) => t.exposure);
    expect(a.maps).toEqual(b.maps);
    expect((a.model as Level1bModel).data.flat()).not.toEqual((b.model as Level1bModel).data.flat());
    const [other] = [...imagingObservation({ ...SMALL, detectors: ["NRCB2"], sources: [] }).takes()];
    expect(other.exposure.maps.gain).not.toEqual(a.maps.gain);
  });

  test("what cannot be is refused", () => {
    expect(() => imagingObservation({ ...SMALL, dithers: 12 })).toThrow(/1 to 9 positions, not 12/);
    expect(() => imagingObservation({ ...SMALL, detectors: [] })).toThrow(/needs a detector/);
    expect(() => imagingObservation({ ...SMALL, detectors: ["NIS", "NRCB1"] })).toThrow(/different instruments/);
    expect(() => imagingObservation({ ...SMALL, mosaic: { columns: 0, rows: 1, overlap: 0 } })).toThrow(
      /mosaic of 0 x 1/,
    );
  });
});

test.each(["nircam-335r", "miri-1140"])("coronagraphy with %s: two rolls, and references", async (coronagraph) => {
  const folder = join(root, coronagraph);
  const observation = coronagraphyObservation({
    coronagraph,
    size: 32,
    nints: 2,
    ngroups: 2,
    seed: 1,
    references: 3,
  });
  const written = await writeObservation(observation, { folder });
  const [members] = membersOf(written.stage3);
  expect(members.map(([, type]) => type)).toEqual(["science", "science", "psf", "psf", "psf"]);
  expect(members[0][0]).toMatch(/_calints\.fits$/);
  const detector = coronagraph.startsWith("miri") ? "MIRIMAGE" : "NRCALONG";
  const files = written.detectors[detector];
  const rolls = [];
  for (const file of files.uncal.slice(0, 2)) {
    const model = await openModel(fileSource(file));
    rolls.push(model.meta.wcsinfo.roll_ref);
    await model.close();
  }
  expect((rolls[1] ?? 0) - (rolls[0] ?? 0)).toBeCloseTo(10, 6);
  const set: Record<string, string> = JSON.parse(readFileSync(files.references, "utf8"));
  const mask = await openModel(fileSource(join(folder, set["psfmask"])));
  expect(mask.shape).toEqual([32, 32]);
  await mask.close();
});

test("a time series: segments count their integrations and times on", async () => {
  const folder = join(root, "tso");
  const observation = timeSeriesObservation({ segments: 2, nints: 3, ngroups: 2, seed: 1, depth: 0.5 });
  const written = await writeObservation(observation, { folder });
  const { uncal, references, stage2 } = written.detectors["NRCBLONG"];
  expect(uncal.map((f) => f.split("/").at(-1))).toEqual([
    "jw01234001001_02101_00001-seg001_nrcblong_uncal.fits",
    "jw01234001001_02101_00001-seg002_nrcblong_uncal.fits",
  ]);
  expect(stage2).toMatch(/tso-image2/);
  const second = (await openModel(fileSource(uncal[1]))) as Level1bModel;
  const { exposure } = second.meta;
  expect([exposure.nints, exposure.integration_start, exposure.integration_end]).toEqual([6, 4, 6]);
  await second.load();
  expect(Array.from(second.int_times?.numbers("integration_number") as ArrayLike<number>)).toEqual([4, 5, 6]);
  await second.close();
  const [first] = observation.takes();
  const { view } = first.exposure;
  const total = (i: number): number => view?.light(i).reduce((a, b) => a + b, 0) ?? 0;
  expect(total(2)).toBeLessThan(0.8 * total(0));
  const set: Record<string, string> = JSON.parse(readFileSync(references, "utf8"));
  expect(set["tsophot"]).toMatch(/asdf$/);
  expect(() => timeSeriesObservation({ segments: 0, nints: 3, ngroups: 2, seed: 1 })).toThrow(/0 segments/);
});

describe("wavefront sensing", () => {
  const PAIR = { size: 180, nints: 1, ngroups: 2, seed: 1 };
  const total = (picture: ArrayLike<number>, size: number): { flux: number; x: number; y: number } => {
    let [flux, x, y] = [0, 0, 0];
    for (let p = 0; p < picture.length; p++) {
      flux += picture[p];
      x += picture[p] * (p % size);
      y += picture[p] * Math.floor(p / size);
    }
    return { flux, x: x / flux, y: y / flux };
  };

  test("a pair of exposures with associations of its own, whose product takes a suffix", async () => {
    const written = await writeObservation(wavefrontObservation(PAIR), { folder: join(root, "wfs") });
    const { uncal, stage2 } = written.detectors["NRCA3"];
    expect(uncal).toHaveLength(2);
    expect(stage2).toMatch(/wfs-image2/);
    const { asn_type, products } = JSON.parse(readFileSync(written.stage3, "utf8"));
    expect([asn_type, products[0].name]).toEqual(["wfs-image3", "jw01234-o001_t001_nircam_f212n-wlp8_{suffix}"]);
    const model = await openModel(fileSource(uncal[1]));
    expect([model.meta.instrument.pupil, model.meta.visit.type]).toEqual(["WLP8", "PRIME_WFSC_SENSING_CONTROL"]);
    await model.close();
  });

  test("the star moves as far as the telescope and its error say, and the header tells of the first only", () => {
    const middles = (error: { x: number; y: number }) =>
      [...wavefrontObservation({ ...PAIR, dither: { x: 6, y: 2 }, error }).takes()].map((t) => ({
        ...total(t.exposure.view?.light(0) ?? [], 180),
        ra: metaOf(t).wcsinfo.ra_ref,
      }));
    const [right, wrong] = [middles({ x: 0, y: 0 }), middles({ x: 1.5, y: -1 })];
    // The sky is uniform, and takes part in the middle.
    const share = (right[1].x - right[0].x) / 6;
    expect(right[1].y - right[0].y).toBeCloseTo(2 * share, 2);
    expect(wrong[1].x - right[1].x).toBeCloseTo(1.5 * share, 2);
    expect(wrong[1].y - right[1].y).toBeCloseTo(-share, 2);
    expect(wrong[1].ra).toBe(right[1].ra);
  });

  test("a lens of the other sign turns the image about", () => {
    const image = (lens: string): Float32Array => {
      const [take] = wavefrontObservation({ ...PAIR, lens, filter: "F212N" }).takes();
      return take.exposure.view?.light(0) as Float32Array;
    };
    const [plus, minus] = [image("WLP8"), image("WLM8")];
    const correlation = (of: (p: number) => number): number => {
      const mean = plus.reduce((a, b) => a + b, 0) / plus.length;
      return plus.reduce((sum, v, p) => sum + (v - mean) * (of(p) - mean), 0);
    };
    expect(correlation((p) => minus[minus.length - 1 - p])).toBeGreaterThan(1.02 * correlation((p) => minus[p]));
  });

  test.each([
    [{ size: 64 }, /more than size 64/],
    [{ lens: "CLEAR" }, /no weak lens; known: WLP8, WLM8/],
    [{ detector: "NRCALONG", filter: "F356W" }, /short-wave/],
    [{ detector: "NIS", filter: "CLEAR" }, /short-wave|no filter/],
  ])("%j is refused", (given, message) => {
    expect(() => wavefrontObservation({ ...PAIR, ...given })).toThrow(message);
  });
});
