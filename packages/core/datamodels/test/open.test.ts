import { readFileSync } from "node:fs";
import type { NdArray } from "@calwebb/array";
import { blobSource, memorySource } from "@calwebb/bytes";
import { isCalwebbError } from "@calwebb/errors";
import { describe, expect, it } from "vitest";
import { openModel, type Table } from "../src/index.js";
import { bytesOf, open, source } from "./helpers.js";

interface Truth {
  class: string;
  shape: number[] | null;
  meta: Record<string, unknown>;
  arrays: Record<string, { dtype: string; shape: number[]; values: unknown[] }>;
  tables: Record<string, Record<string, unknown[]>>;
  history: string[];
}

const truth = JSON.parse(readFileSync(new URL("./fixtures/truth.json", import.meta.url), "utf8")) as Record<
  string,
  Truth
>;

const shown = (x: unknown): unknown =>
  typeof x === "bigint" ? Number(x) : typeof x === "number" && Number.isNaN(x) ? "nan" : x;

describe.each(Object.entries(truth))("%s, as the reference implementation reads it", (name, wanted) => {
  const fixture = name.endsWith(".fits") ? `${name}.gz` : name;

  it("class, shape, history", async () => {
    const model = await open(fixture);
    expect(model.modelType).toBe(wanted.class);
    expect(model.shape ?? null).toEqual(wanted.shape);
    expect(model.history).toEqual(wanted.history);
  });

  it("metadata", async () => {
    const model = await open(fixture);
    for (const [path, value] of Object.entries(wanted.meta)) expect([path, model.get(path)]).toEqual([path, value]);
  });

  it("arrays and tables", async () => {
    const model = await open(fixture);
    for (const [path, array] of Object.entries(wanted.arrays)) {
      const got = model.get(path) as NdArray;
      expect([path, got.dtype, got.shape]).toEqual([path, array.dtype, array.shape]);
      expect(Array.from(got.flat() as ArrayLike<unknown>, shown)).toEqual(array.values);
    }
    for (const [path, columns] of Object.entries(wanted.tables)) {
      const got = model.get(path) as Table;
      expect(got.names).toEqual(Object.keys(columns));
      for (const [column, values] of Object.entries(columns))
        expect([path, column, Array.from(got.get(column) as ArrayLike<unknown>, shown)]).toEqual([
          path,
          column,
          values,
        ]);
    }
  });
});

describe("reading", () => {
  it("leaves arrays in the file until they are used", async () => {
    let bytesRead = 0;
    const inner = memorySource(await bytesOf("rate.fits.gz"), "rate.fits");
    const counting = {
      ...inner,
      name: inner.name,
      size: inner.size,
      read: (offset: number, length: number) => {
        bytesRead += length;
        return inner.read(offset, length);
      },
      readSync: undefined,
      readIntoSync: undefined,
      readInto: async (target: Uint8Array, offset: number) => {
        bytesRead += target.length;
        target.set(await inner.read(offset, target.length));
      },
      close: () => inner.close(),
    };
    const model = await openModel(counting, { model: "ImageModel" });
    expect(bytesRead).toBeLessThan(100_000);
    expect(model.shape).toEqual([64, 64]);
    expect(() => model.data).toThrow("await model.load() first");
    const before = bytesRead;
    await model.load("data");
    expect(bytesRead - before).toBe(64 * 64 * 4);
    expect(model.data.get(10, 10)).toBeTypeOf("number");
    expect(() => model.dq).toThrow("await model.load() first");
    await model.load();
    expect(model.dq.dtype).toBe("uint32");
  });

  it("takes blobs", async () => {
    const bytes = await bytesOf("image_wcs.fits.gz");
    const model = await openModel(blobSource(new Blob([bytes as Uint8Array<ArrayBuffer>]), "image_wcs.fits"));
    await model.load();
    expect(model.modelType).toBe("ImageModel");
  });

  it("converts raw counts to float32 where a ramp is wanted, and makes the flags", async () => {
    const raw = await openModel(await source("uncal.fits.gz"), { model: "Level1bModel" });
    const ramp = await openModel(await source("uncal.fits.gz"), { model: "RampModel" });
    expect(raw.data.dtype).toBe("uint16");
    expect(ramp.data.dtype).toBe("float32");
    expect([...ramp.data.flat()]).toEqual([...raw.data.flat()]);
    expect(ramp.groupdq.shape).toEqual([1, 2, 4, 5]);
    expect(ramp.pixeldq.shape).toEqual([4, 5]);
    expect(ramp.zeroframe.get(0, 0, 0)).toBe(40000);
    expect(ramp.group?.nrows).toBe(2);
  });

  it("refuses arrays of other dimensions and files of another kind", async () => {
    const error = await openModel(await source("rate.fits.gz"), { model: "CubeModel" }).catch((e: unknown) => e);
    expect(isCalwebbError(error, "ValidationError")).toBe(true);
    expect(String(error)).toMatch(/rate\.fits.*data has 2 dimensions \(shape \[64, 64\]\), wanted 3/);
    await expect(openModel(await source("mask.fits.gz"), { model: "GainModel" })).rejects.toThrow(
      "is a MaskModel without data, which a GainModel needs",
    );
    await expect(openModel(memorySource(new Uint8Array(100), "zeros.fits"))).rejects.toThrow("zeros.fits");
  });

  it("guesses the class of files that do not say", async () => {
    const bytes = await bytesOf("rate.fits.gz");
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, 8640);
    const at = text.indexOf("DATAMODL");
    bytes.set(Buffer.from("XATAMODL"), at);
    const warnings: string[] = [];
    const model = await openModel(memorySource(bytes, "unnamed.fits"), { log: { warn: (m) => void warnings.push(m) } });
    expect(model.modelType).toBe("ImageModel");
    expect(warnings).toEqual(["unnamed.fits does not name its model class (DATAMODL); opened as ImageModel"]);
    expect(model.meta.model_type).toBeUndefined();
  });

  it("warns about and drops values that do not fit", async () => {
    const bytes = await bytesOf("rate.fits.gz");
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, 8640);
    bytes.set(Buffer.from("'HUBBLE'"), text.indexOf("'NIRCAM"));
    const warnings: string[] = [];
    const model = await openModel(memorySource(bytes, "x.fits"), { log: { warn: (m) => void warnings.push(m) } });
    expect(warnings[0]).toContain('meta.instrument.name: "HUBBLE" is not one of');
    await expect(openModel(memorySource(bytes, "x.fits"), { strictValidation: true })).rejects.toThrow("HUBBLE");
    const kept = await openModel(memorySource(bytes, "x.fits"), { passInvalidValues: true });
    expect(kept.meta.instrument.name).toBe("HUBBLE");
    expect(model.meta.instrument.detector).toBe("NRCB1");
  });

  it("keeps unknown cards and trees", async () => {
    const model = await open("ramp.fits.gz");
    expect(model.extraFits.PRIMARY.header).toEqual([
      ["MYKEY", 5, "an integer"],
      ["MYFLOAT", 2, ""],
      ["MYTEXT", "abc", "text"],
    ]);
    expect(model.get("meta.my_own.values")).toEqual([1, 2.5, "three"]);
    expect(model.get("cal_logs.calwebb_detector1")).toEqual(["line one", "line two"]);
    expect(model.info()).toContain("int_times");
  });
});
