import { NdArray, ndarray } from "@calwebb/array";
import { type CubeModel, createModel, type GainModel, tableFrom } from "@calwebb/datamodels";
import type { EcsvColumn, EcsvTable } from "@calwebb/ecsv";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, frame2D, Shift, setWcs, sideBySide, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { TSOPhotometryStep } from "../src/index.js";

truthSuite(TSOPhotometryStep as never, new URL("./truth/", import.meta.url));

const SIZE = 31;
const place = { name: "SUB", xstart: 1, ystart: 1, xsize: SIZE, ysize: SIZE };

function cube(unit = "MJy/sr", nints = 2): CubeModel {
  const data = ndarray("float32", [nints, SIZE, SIZE]);
  for (let i = 0; i < nints; i++)
    for (let y = 0; y < SIZE; y++)
      for (let x = 0; x < SIZE; x++)
        data.data[(i * SIZE + y) * SIZE + x] = 1 + 100 * Math.exp(-((x - 15) ** 2 + (y - 14) ** 2) / 2);
  const err = ndarray("float32", data.shape);
  err.data.fill(0.1);
  const model = createModel("CubeModel", {
    data,
    err,
    dq: ndarray("uint32", data.shape),
    meta: {
      instrument: { name: "NIRCAM", detector: "NRCBLONG", filter: "F444W", pupil: "CLEAR" },
      subarray: place,
      exposure: { integration_start: 1, integration_time: 2 },
      wcsinfo: { siaf_xref_sci: 16, siaf_yref_sci: 15 },
      photometry: { pixelarea_steradians: 1e-6 },
      bunit_data: unit,
      bunit_err: unit,
    },
  });
  model.int_times = tableFrom({
    integration_number: Int32Array.from({ length: nints + 1 }, (_, i) => i + 1),
    int_start_MJD_UTC: new Float64Array(nints + 1),
    int_mid_MJD_UTC: Float64Array.from({ length: nints + 1 }, (_, i) => 60000 + i),
    int_end_MJD_UTC: new Float64Array(nints + 1),
    int_start_BJD_TDB: new Float64Array(nints + 1),
    int_mid_BJD_TDB: Float64Array.from({ length: nints + 1 }, (_, i) => 60000.5 + i),
    int_end_BJD_TDB: new Float64Array(nints + 1),
  });
  setWcs(
    model,
    new Wcs([
      { frame: frame2D("detector"), transform: sideBySide(new Shift(10), new Shift(20)) },
      { frame: celestialFrame("world") },
    ]),
  );
  return model;
}

function gain(): GainModel {
  return createModel("GainModel", {
    data: new NdArray(new Float32Array(SIZE * SIZE).fill(3), [SIZE, SIZE]),
    meta: { instrument: { name: "NIRCAM" }, subarray: place },
  });
}

async function catalog(input: CubeModel, params: object = {}): Promise<EcsvTable> {
  return (await TSOPhotometryStep.call(input, params, { references: { gain: gain() } })) as unknown as EcsvTable;
}
const column = (table: EcsvTable, name: string): EcsvColumn => table.columns.find((c) => c.name === name) as EcsvColumn;

describe("TSOPhotometryStep", () => {
  test("gives the catalog and leaves the input alone", async () => {
    const input = cube();
    const table = await catalog(input);
    expect(table.columns.map((c) => c.name).slice(0, 4)).toEqual([
      "MJD",
      "BJD_TDB",
      "aperture_sum",
      "aperture_sum_err",
    ]);
    expect(column(table, "MJD").values).toEqual(Float64Array.of(60000, 60001));
    expect(column(table, "aperture_sum").unit).toBe("Jy");
    // 1e6 * 1e-6 sr = 1; the Gaussian has 200 pi in all, 1 - exp(-4.5) of it within 3 pixels.
    expect(Number(column(table, "net_aperture_sum").values[0])).toBeCloseTo(0.989 * 2 * Math.PI * 100, -1);
    expect(Number(column(table, "centroid_x").values[0])).toBeCloseTo(15, 6);
    expect(Number(column(table, "aperture_ra_icrs").values[1])).toBeCloseTo(25, 6);
    expect(table.meta?.detector).toBe("NRCBLONG");
    expect(input.meta.bunit_data).toBe("MJy/sr");
  });

  test("DN/s become electrons", async () => {
    const table = await catalog(cube("DN/s"), { centroid_source: false });
    expect(column(table, "aperture_sum").unit).toBe("electron");
    // level 1 DN/s * 2 s * gain 3
    expect(Number(column(table, "annulus_mean").values[0])).toBeCloseTo(6, 0);
    expect(column(table, "centroid_x")).toBeUndefined();
    expect(column(table, "aperture_x").values[0]).toBe(15);
  });

  test("only DN/s need a gain", async () => {
    const bare = (unit: string) => TSOPhotometryStep.call(cube(unit), {}, { references: { gain: "N/A" } } as never);
    expect(column((await bare("MJy/sr")) as unknown as EcsvTable, "aperture_sum").unit).toBe("Jy");
    await expect(bare("DN/s")).rejects.toThrow(/no GAIN reference/);
  });

  test.each([
    [{ radius: 0 }, /radius must be above 0/],
    [{ radius_inner: 6, radius_outer: 5 }, /radius_inner = 6 to radius_outer = 5/],
  ])("refuses the apertures %j", async (params, why) => {
    await expect(catalog(cube(), params)).rejects.toThrow(why);
  });

  test("another unit is kept", async () => {
    expect(column(await catalog(cube("DN")), "aperture_sum").unit).toBe("DN");
  });

  test("even boxes become odd ones", async () => {
    const odd = await catalog(cube(), { fit_box_width: 7, search_box_width: 21 });
    const even = await catalog(cube(), { fit_box_width: 8, search_box_width: 22 });
    expect(column(even, "psf_flux").values).toEqual(column(odd, "psf_flux").values);
  });

  test("the weak lens in SUB64P: the sum of all, no background", async () => {
    const input = cube("Jy");
    input.meta.instrument.pupil = "WLP8";
    input.meta.subarray.name = "SUB64P";
    const table = await catalog(input);
    const sum = input.data
      .flat()
      .subarray(0, SIZE * SIZE)
      .reduce((a, b) => a + b, 0);
    expect(column(table, "net_aperture_sum").values[0]).toBeCloseTo(sum, 3);
    expect(column(table, "aperture_bkg").values[0]).toBeNaN();
  });

  test.each([
    ["XREF_SCI", "meta.wcsinfo.siaf_xref_sci"],
    ["BUNIT", "meta.bunit_data"],
    ["world coordinates", "meta.wcs"],
  ])("without %s it says so", async (what, path) => {
    const input = cube();
    input.delete(path);
    await expect(catalog(input)).rejects.toThrow(what);
  });
});
