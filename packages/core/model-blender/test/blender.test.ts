import { memorySink, memorySource } from "@calwebb/bytes";
import { createModel, encodeModel, openModel, type Table } from "@calwebb/datamodels";
import { blendValues, ModelBlender } from "@calwebb/model-blender";
import { describe, expect, test } from "vitest";

function exposure(n: number, more: object = {}) {
  return createModel("ImageModel", {
    shape: [2, 2],
    meta: {
      filename: `x_0000${n}_cal.fits`,
      instrument: { name: "NIRCAM", detector: n > 1 ? "NRCB2" : "NRCB1", filter: "F150W" },
      exposure: { start_time: 60000 + n, exposure_time: 10 * n, ngroups: 5, zero_frame: n > 1 },
      wcsinfo: { ra_ref: n },
      ...more,
    },
  });
}

describe("rules", () => {
  test.each([
    ["multi", ["a", "a"], "a"],
    ["multi", ["a", "b"], "MULTIPLE"],
    ["mean", [1, 2, 6], 3],
    ["sum", [1, 2, 6], 9],
    ["min", [3, 1, 2], 1],
    ["maxtime", ["10:00:00", "11:30:00"], "11:30:00"],
    ["mindate", ["2023-01-02", "2022-12-31"], "2022-12-31"],
    ["wheeltol", ["within commanded tolerance", "outside calibration tolerance"], "outside calibration tolerance"],
    ["wheeltol", ["fine"], "within commanded tolerance"],
    ["none such", [4, 5], 4],
  ] as const)("%s of %j", (rule, values, wanted) => {
    expect(blendValues(rule, values)).toBe(wanted);
  });
});

describe("ModelBlender", () => {
  test("blends values and keeps a table of inputs that survives a file", async () => {
    const blender = new ModelBlender(["meta.filename"]);
    blender.accumulate(exposure(1));
    blender.accumulate(exposure(2, { target: { proposer_name: "M 31" } }));
    const product = createModel("ImageModel", { shape: [2, 2], meta: { filename: "x_i2d.fits" } });
    blender.finish(product);
    expect(product.meta.instrument.detector).toBe("MULTIPLE");
    expect(product.meta.instrument.filter).toBe("F150W");
    expect(product.meta.filename).toBe("x_i2d.fits");
    expect(product.meta.wcsinfo.ra_ref).toBeUndefined();
    const sink = memorySink();
    await encodeModel(product, sink);
    const again = await openModel(memorySource(sink.bytes()));
    again.addSchemaEntry("hdrtab", { fits_hdu: "HDRTAB", datatype: [{ name: "DETECTOR", datatype: ["ascii", 5] }] });
    const table = product.get("hdrtab") as Table;
    const column = (name: string) => table.column(name)?.data;
    expect(column("DETECTOR")).toEqual(["NRCB1", "NRCB2"]);
    expect(column("NGROUPS")).toEqual(BigInt64Array.of(5n, 5n));
    expect(column("EXPSTART")).toEqual(Float64Array.of(60001, 60002));
    expect(column("ZEROFRAM")).toEqual(Uint8Array.of(0, 1));
    expect(column("TARGPROP")).toEqual(["nan", "M 31"]);
    expect(column("RA_REF")).toEqual(Float64Array.of(1, 2));
    expect(table.has("DEC_REF")).toBe(false);
  });

  test("the table has the software that wrote the exposures' files, not that which changed them since", async () => {
    const blender = new ModelBlender();
    for (const version of ["1.0", "2.0"]) {
      const made = exposure(1, { calibration_software_version: version, calibration_software_revision: "RELEASE" });
      const sink = memorySink();
      await encodeModel(made, sink, { date: new Date(Date.UTC(2023, 4, Number.parseInt(version, 10))) });
      const read = (await openModel(memorySource(sink.bytes()))).clone();
      read.meta.calibration_software_version = "9.0";
      read.meta.date = "2026-01-01T00:00:00.000";
      blender.accumulate(read);
    }
    blender.accumulate(exposure(3, { calibration_software_version: "9.0" }));
    const product = createModel("ImageModel", { shape: [2, 2] });
    blender.finish(product);
    const column = (name: string) => (product.get("hdrtab") as Table).column(name)?.data as unknown as string[];
    expect(column("CAL_VER")).toEqual(["1.0", "2.0", "9.0"]);
    expect(column("DATE").slice(0, 2)).toEqual(["2023-05-01T00:00:00.000", "2023-05-02T00:00:00.000"]);
    expect(product.meta.calibration_software_version).toBe("9.0");
  });

  test("refuses exposures of different classes", () => {
    const blender = new ModelBlender();
    blender.accumulate(exposure(1));
    expect(() => blender.accumulate(createModel("CubeModel", { shape: [1, 2, 2] }))).toThrow(
      /CubeModel and ImageModel/,
    );
  });

  test("without exposures the product stays as it is", () => {
    const product = createModel("ImageModel", { shape: [2, 2] });
    new ModelBlender().finish(product);
    expect(product.get("hdrtab")).toBeUndefined();
  });
});
