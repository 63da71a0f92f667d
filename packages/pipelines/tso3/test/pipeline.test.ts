import { NdArray, ndarray } from "@calwebb/array";
import { memorySource } from "@calwebb/bytes";
import { type CubeModel, createModel, ModelContainer, openModel, tableFrom } from "@calwebb/datamodels";
import type { EcsvColumn, EcsvTable } from "@calwebb/ecsv";
import { type MemoryHost, memoryHost } from "@calwebb/stpipe";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, frame2D, Shift, setWcs, sideBySide, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { Tso3Pipeline } from "../src/index.js";
import { stackTables } from "../src/process.js";

truthSuite(Tso3Pipeline as never, new URL("./truth/", import.meta.url));

const SIZE = 31;
const place = { name: "SUB", xstart: 1, ystart: 1, xsize: SIZE, ysize: SIZE };

/** Integrations of a steady star; the first segment's second has a cosmic ray. */
function segment(number: number, type = "NRC_TSIMAGE", nints = 4): CubeModel {
  const data = ndarray("float32", [nints, SIZE, SIZE]);
  for (let i = 0; i < nints; i++)
    for (let p = 0; p < SIZE * SIZE; p++)
      data.data[i * SIZE * SIZE + p] =
        1 + 100 * Math.exp(-(((p % SIZE) - 15) ** 2 + (Math.floor(p / SIZE) - 14) ** 2) / 2);
  if (number === 1) data.data[SIZE * SIZE + 3 * SIZE + 4] = 500;
  const err = ndarray("float32", data.shape);
  err.data.fill(0.1);
  const model = createModel("CubeModel", {
    data,
    err,
    dq: ndarray("uint32", data.shape),
    meta: {
      filename: `jw01-seg00${number}_nrcblong_o001_calints.fits`,
      instrument: { name: "NIRCAM", detector: "NRCBLONG", filter: "F444W", pupil: "CLEAR" },
      subarray: place,
      exposure: { type, nints, integration_start: 1, integration_time: 2 },
      wcsinfo: { siaf_xref_sci: 16, siaf_yref_sci: 15 },
      photometry: { pixelarea_steradians: 1e-6 },
      bunit_data: "MJy/sr",
      bunit_err: "MJy/sr",
    },
  });
  model.meta.asn.exptype = "science";
  const times = Float64Array.from({ length: nints }, (_, i) => 60000 + 10 * number + i);
  model.int_times = tableFrom({
    integration_number: Int32Array.from({ length: nints }, (_, i) => i + 1),
    int_start_MJD_UTC: times,
    int_mid_MJD_UTC: times,
    int_end_MJD_UTC: times,
    int_start_BJD_TDB: times,
    int_mid_BJD_TDB: times,
    int_end_BJD_TDB: times,
  });
  const toSky = sideBySide(new Shift(10), new Shift(20));
  setWcs(model, new Wcs([{ frame: frame2D("detector"), transform: toSky }, { frame: celestialFrame("world") }]));
  return model;
}

async function run(segments: CubeModel[], steps: object = {}): Promise<MemoryHost> {
  const input = new ModelContainer(segments);
  input.asnTable = { asn_id: "o001", products: [{ name: "jw01-o001_tso", members: [] }] } as never;
  const gain = createModel("GainModel", {
    data: new NdArray(new Float32Array(SIZE * SIZE).fill(3), [SIZE, SIZE]),
    meta: { instrument: { name: "NIRCAM" }, subarray: place },
  });
  const host = memoryHost();
  await Tso3Pipeline.call(input as never, { steps } as never, { references: { gain }, host });
  return host;
}

describe("Tso3Pipeline", () => {
  test("segments become one table, and each is saved with its outliers", async () => {
    const { files } = await run([segment(1), segment(2)]);
    expect([...files.keys()].sort()).toEqual([
      "/jw01-o001_tso_phot.ecsv",
      "/jw01-seg001_nrcblong_o001_crfints.fits",
      "/jw01-seg002_nrcblong_o001_crfints.fits",
    ]);
    const text = new TextDecoder().decode(files.get("/jw01-o001_tso_phot.ecsv"));
    const times = text
      .split("\n")
      .filter((line) => /^6\d{4}/.test(line))
      .map((line) => Number.parseFloat(line));
    expect(times).toEqual([60010, 60011, 60012, 60013, 60020, 60021, 60022, 60023]);
    expect(text).toMatch(/number_of_integrations: 8/);
    const bytes = files.get("/jw01-seg001_nrcblong_o001_crfints.fits") as Uint8Array;
    const first = await openModel(memorySource(bytes), { model: "CubeModel" });
    await first.load();
    expect([0, 1, 2].map((i) => first.dq.get(i, 3, 4) !== 0)).toEqual([false, true, false]);
  });

  test("without outlier_detection there is only the table; without tso_photometry only the segments", async () => {
    const table = await run([segment(1)], { outlier_detection: { skip: true } });
    expect([...table.files.keys()]).toEqual(["/jw01-o001_tso_phot.ecsv"]);
    const segments = await run([segment(1)], { tso_photometry: { skip: true } });
    expect([...segments.files.keys()]).toEqual(["/jw01-seg001_nrcblong_o001_crfints.fits"]);
  });

  test("a measurement that fails leaves all segments behind, whole, and no table", async () => {
    const host = memoryHost();
    // A gain is needed only for data in DN/s: the first segment has none.
    const broken = segment(1);
    broken.meta.bunit_data = "DN/s";
    const input = new ModelContainer([broken, segment(2)]);
    input.asnTable = { asn_id: "o001", products: [{ name: "jw01-o001_tso", members: [] }] } as never;
    await expect(Tso3Pipeline.call(input as never, {}, { host })).rejects.toThrow(/gain/i);
    expect([...host.files.keys()].sort()).toEqual([
      "/jw01-seg001_nrcblong_o001_crfints.fits",
      "/jw01-seg002_nrcblong_o001_crfints.fits",
    ]);
    for (const bytes of host.files.values()) {
      const saved = await openModel(memorySource(bytes), { model: "CubeModel" });
      await saved.load();
      expect(saved.data.shape).toEqual([4, SIZE, SIZE]);
    }
  });

  test("spectra are refused in one sentence", async () => {
    await expect(run([segment(1, "NRC_TSGRISM")])).rejects.toThrow(
      /does not extract spectra from NRC_TSGRISM exposures/,
    );
  });

  test("nothing is made of exposures that are not a time series", async () => {
    expect((await run([segment(1, "NRC_TSIMAGE", 1)])).files.size).toBe(0);
  });

  test("an association without science is refused", async () => {
    const psf = segment(1);
    psf.meta.asn.exptype = "psf";
    await expect(run([psf])).rejects.toThrow(/no members of the type science/);
  });
});

test("stackTables fills columns that a table does not have with NaN, and keeps the last of differing metadata", () => {
  const column = (name: string, ...values: number[]): EcsvColumn => ({ name, type: "float64", values });
  const short: EcsvTable = { columns: [column("a", 1, 2)], meta: { filter: "F444W", pupil: "CLEAR" } };
  const long: EcsvTable = { columns: [column("a", 3), column("b", 4)], meta: { filter: "F322W2" } };
  const { columns, meta } = stackTables([short, long]);
  expect(columns).toEqual([column("a", 1, 2, 3), column("b", Number.NaN, Number.NaN, 4)]);
  expect(meta).toEqual({ filter: "F322W2", pupil: "CLEAR", number_of_integrations: 3 });
});
