import { ndarray } from "@calwebb/array";
import { createModel, type ImageModel, tableFrom } from "@calwebb/datamodels";
import type { EcsvColumn, EcsvTable } from "@calwebb/ecsv";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, frame2D, Scale, setWcs, sideBySide, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { SourceCatalogStep } from "../src/index.js";

const N = 60;

function mosaic(): ImageModel {
  const data = ndarray("float32", [N, N]);
  for (let p = 0; p < N * N; p++) {
    const [x, y] = [p % N, Math.floor(p / N)];
    data.data[p] = ((p * 7919) % 101) / 1000;
    for (const [sx, sy, f] of [
      [15, 20, 30],
      [40, 35, 60],
    ])
      data.data[p] += f * Math.exp(-((x - sx) ** 2 + (y - sy) ** 2) / 4);
  }
  const err = ndarray("float32", [N, N]);
  err.data.fill(0.03);
  const wht = ndarray("float32", [N, N]);
  wht.data.fill(1);
  const model = createModel("ImageModel", {
    data,
    err,
    wht,
    meta: {
      instrument: { name: "NIRCAM", filter: "F444W", pupil: "CLEAR" },
      photometry: { pixelarea_steradians: 1e-6 },
      wcsinfo: { crpix1: 30, crpix2: 30 },
      bunit_data: "MJy/sr",
      bunit_err: "MJy/sr",
    },
  });
  const step = new Scale(1 / 36000);
  setWcs(
    model,
    new Wcs([{ frame: frame2D("detector"), transform: sideBySide(step, step) }, { frame: celestialFrame("world") }]),
  );
  return model;
}

function apcorr() {
  const energies = [0.3, 0.5, 0.7];
  const model = createModel("NrcImgApcorrModel", {});
  model.apcorr_table = tableFrom({
    filter: energies.map(() => "F444W"),
    pupil: energies.map(() => "CLEAR"),
    eefraction: Float32Array.from(energies),
    radius: Float32Array.of(1.5, 2.5, 4),
    apcorr: Float32Array.of(3.3, 2, 1.4),
    skyin: Float32Array.of(6, 6, 6),
    skyout: Float32Array.of(9, 9, 9),
  });
  return model;
}

async function catalog(input: ImageModel, params: object = {}, known = true): Promise<EcsvTable | undefined> {
  const overrides = { override_apcorr: known ? apcorr() : "N/A", override_abvegaoffset: "N/A" };
  return (await SourceCatalogStep.call(input, { ...overrides, ...params })) as unknown as EcsvTable | undefined;
}
const column = (table: EcsvTable | undefined, name: string): EcsvColumn =>
  table?.columns.find((c) => c.name === name) as EcsvColumn;

truthSuite(SourceCatalogStep, new URL("./truth/", import.meta.url));

describe("SourceCatalogStep", () => {
  test.each(["segmentation", "dao", "iraf"])("%s: positions, fluxes, sky", async (starfinder) => {
    const input = mosaic();
    const table = await catalog(input, { starfinder, snr_threshold: 10, roundlo: -1, sharplo: 0.1, kernel_fwhm: 3 });
    expect(column(table, "label").values).toHaveLength(2);
    expect(Number(column(table, "xcentroid").values[0])).toBeCloseTo(starfinder === "segmentation" ? 15 : 40, 0);
    const fluxes = Array.from(column(table, "aper70_flux").values, Number).sort((a, b) => a - b);
    // 2 pi sigma^2 f (1 - exp(-r^2 / 2 sigma^2)) with sigma^2 = 2, r = 4
    expect(fluxes[0] / (4 * Math.PI * 30 * (1 - Math.exp(-4)))).toBeCloseTo(1, 1);
    const total = Array.from(column(table, "aper_total_flux").values, Number);
    const last = Array.from(column(table, "aper70_flux").values, Number);
    expect(total[0] / last[0]).toBeCloseTo(1.4, 6);
    expect(column(table, "sky_orientation").unit).toBe("deg");
    expect(input.meta.bunit_data).toBe("MJy/sr");
  });

  test("without references: fallback apertures", async () => {
    const table = await catalog(mosaic(), { snr_threshold: 10 }, false);
    expect(column(table, "aper3_flux").unit).toBe("Jy");
    expect(column(table, "aper3_vegamag").values).toEqual(column(table, "aper3_abmag").values);
  });

  test("no catalog without sources, rows of the filter, or data", async () => {
    expect(await catalog(mosaic(), { snr_threshold: 1e6 })).toBeUndefined();
    const other = mosaic();
    other.meta.instrument.filter = "F200W";
    expect(await catalog(other)).toBeUndefined();
    const empty = mosaic();
    empty.err.data.fill(Number.NaN);
    expect(await catalog(empty)).toBeUndefined();
  });

  test("without world coordinates there are no places on the sky, and all the rest", async () => {
    const input = mosaic();
    input.delete("meta.wcs");
    const table = await catalog(input);
    expect(Array.from(column(table, "sky_centroid").values).every((v) => v === undefined)).toBe(true);
    expect(column(table, "sky_bbox_ll").type).toBe("object");
    expect(Array.from(column(table, "sky_orientation").values).every((v) => Number.isNaN(v))).toBe(true);
    expect(Number(column(table, "aper70_flux").values[0])).toBeGreaterThan(0);
  });

  test("encircled energies must increase", async () => {
    await expect(catalog(mosaic(), { aperture_ee1: 60 })).rejects.toThrow(/must increase/);
  });

  test("without errors it says so", async () => {
    const bare = createModel("ImageModel", { data: mosaic().data });
    await expect(catalog(bare)).rejects.toThrow(/no errors \(ERR\)/);
  });

  test.each([
    ["bunit_data", /MJy\/sr/],
    ["photometry.pixelarea_steradians", /area of a pixel/],
  ])("without meta.%s it says so", async (path, message) => {
    const input = mosaic();
    input.delete(`meta.${path}`);
    await expect(catalog(input)).rejects.toThrow(message);
  });
});
