import { ndarray } from "@calwebb/array";
import { createModel, type ImageModel, ModelContainer } from "@calwebb/datamodels";
import { memoryHost } from "@calwebb/stpipe";
import { celestialFrame, frame2D, pipe, Scale, Shift, setWcs, sideBySide, v23ToSky, Wcs, wcsOf } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { TweakRegStep } from "../src/index.js";

const N = 100;
const STARS = Array.from({ length: 25 }, (_, i) => [8 + ((i * 37) % 84), 8 + ((i * 53) % 84), 50 + 10 * i]);
const SCALE = 0.1;

/** An exposure of the stars whose WCS is wrong by `error` arcsec in V2. */
function exposure(number: number, error: number): ImageModel {
  const data = ndarray("float32", [N, N]);
  for (let p = 0; p < N * N; p++) {
    data.data[p] = ((p * 7919) % 101) / 500;
    for (const [x, y, f] of STARS) {
      const d2 = ((p % N) - x) ** 2 + (Math.floor(p / N) - y) ** 2;
      if (d2 < 100) data.data[p] += f * Math.exp(-d2 / 2.5);
    }
  }
  const model = createModel("ImageModel", {
    data,
    dq: ndarray("uint32", [N, N]),
    meta: {
      filename: `jw01234001001_02101_0000${number}_nrcb1_cal.fits`,
      wcsinfo: { v2_ref: 120, v3_ref: -500, roll_ref: 0, ra_ref: 10, dec_ref: 20, crpix1: 50, crpix2: 50 },
    },
  });
  model.set("meta.group_id", `group${number}`);
  const axis = (offset: number, reference: number) =>
    pipe(new Shift(-(N - 1) / 2), new Scale(SCALE), new Shift(reference + offset));
  const wcs = new Wcs([
    { frame: frame2D("detector"), transform: sideBySide(axis(error, 120), axis(0, -500)) },
    {
      frame: frame2D("v2v3"),
      transform: v23ToSky({ v2Ref: 120, v3Ref: -500, rollRef: 0, raRef: 10, decRef: 20 }),
    },
    { frame: celestialFrame("world") },
  ]);
  wcs.boundingBox = [
    [-0.5, N - 0.5],
    [-0.5, N - 0.5],
  ];
  setWcs(model, wcs);
  return model;
}

const params = {
  minobj: 5,
  searchrad: 1,
  separation: 0.3,
  tolerance: 0.2,
  sharplo: 0.1,
  roundhi: 0.8,
  sip_approx: false,
};
const centre = (model: ImageModel): number[] => {
  const [ra, dec] = wcsOf(model)?.forward(Float64Array.of(50), Float64Array.of(50)) ?? [];
  return [ra[0], dec[0]];
};
const call = async (models: ImageModel[], more: object = {}): Promise<ImageModel[]> =>
  [
    ...((await TweakRegStep.call(new ModelContainer(models), { ...params, ...more } as never)) as ModelContainer),
  ] as ImageModel[];

describe("TweakRegStep", () => {
  test.each(["iraf", "dao", "segmentation"])("%s: the second exposure moves onto the first", async (starfinder) => {
    const models = [exposure(1, 0), exposure(2, 0.25)];
    const out = await call(models, { starfinder, roundlo: -1 });
    expect(out.map((m) => m.meta.cal_step.tweakreg)).toEqual(["COMPLETE", "COMPLETE"]);
    const [a, b] = out.map(centre);
    expect(3600 * Math.hypot((a[0] - b[0]) * Math.cos(0.35), a[1] - b[1])).toBeLessThan(1e-3);
    expect(wcsOf(out[1])?.frames).toEqual(["detector", "v2v3", "v2v3corr", "world"]);
    expect(wcsOf(out[0])?.frames).toEqual(["detector", "v2v3", "world"]);
    expect(wcsOf(models[1])?.frames).toHaveLength(3);
  });

  test.each([
    ["one exposure", [exposure(1, 0)], {}],
    ["sources that could be confused", [exposure(1, 0), exposure(2, 0.1)], { separation: 0.1 }],
  ])("FAILED, and nothing changed: %s", async (_, models, more) => {
    const out = await call(models, more);
    expect(out.map((m) => m.meta.cal_step.tweakreg)).toEqual(models.map(() => "FAILED"));
    expect(out.every((m) => !wcsOf(m)?.frames.includes("v2v3corr"))).toBe(true);
  });

  test("catalogs in ECSV and FITS go out and come in again", async () => {
    for (const format of ["ecsv", "fits"]) {
      const host = memoryHost({});
      const models = [exposure(1, 0), exposure(2, 0.25)];
      const saved = (await TweakRegStep.call(
        new ModelContainer(models),
        { ...params, save_catalogs: true, catalog_format: format } as never,
        { host },
      )) as ModelContainer;
      const found = [...saved] as ImageModel[];
      expect(found[0].get("meta.tweakreg_catalog")).toBe(`jw01234001001_02101_00001_nrcb1_cal_cat.${format}`);
      const again = [exposure(1, 0), exposure(2, 0.25)];
      for (const [i, model] of again.entries())
        model.set("meta.tweakreg_catalog", found[i].get("meta.tweakreg_catalog"));
      for (const model of again) model.data.data.fill(0);
      const out = (await TweakRegStep.call(
        new ModelContainer(again),
        { ...params, use_custom_catalogs: true } as never,
        { host },
      )) as ModelContainer;
      const centres = [...out].map((m) => centre(m as ImageModel));
      for (const [k, v] of centre(found[1]).entries()) expect(centres[1][k]).toBeCloseTo(v, 10);
    }
  });

  test("a list of catalogs that names no exposure means that sources are searched for", async () => {
    const host = memoryHost({ files: { "list.txt": new TextEncoder().encode("# nothing\n\n") } });
    const models = [exposure(1, 0), exposure(2, 0.25)];
    for (const model of models) model.set("meta.tweakreg_catalog", "none-such.ecsv");
    const given = { ...params, use_custom_catalogs: true, catfile: "list.txt" } as never;
    const out = (await TweakRegStep.call(new ModelContainer(models), given, { host })) as ModelContainer;
    expect([...out].map((m) => m.meta.cal_step.tweakreg)).toEqual(["COMPLETE", "COMPLETE"]);
  });

  test("too few matches leave an exposure as it is", async () => {
    const out = await call([exposure(1, 0), exposure(2, 0.25)], { minobj: 500 });
    expect(wcsOf(out[1])?.frames).toEqual(["detector", "v2v3", "world"]);
  });

  test.each([
    [{ abs_refcat: "GAIADR3" }, /abs_refcat/],
    [{ tolerance: 0 }, /tolerance/],
    [{ sigma: 0 }, /sigma must be positive/],
    [{ save_catalogs: true, catalog_format: "csv" }, /ecsv or fits/],
    [{ abs_refcat: "none-such.ecsv" }, /none-such/],
  ])("%j is refused", async (more, message) => {
    await expect(call([exposure(1, 0), exposure(2, 0.1)], more)).rejects.toThrow(message);
  });

  test("an exposure without world coordinates is refused", async () => {
    const lost = exposure(2, 0);
    lost.delete("meta.wcs");
    await expect(call([exposure(1, 0), lost])).rejects.toThrow(/assign_wcs/);
  });
});
