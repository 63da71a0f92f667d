import { NdArray } from "@calwebb/array";
import { Tagged } from "@calwebb/asdf";
import { memorySink, memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import { createModel, encodeModel, openModel, tableFrom } from "../src/index.js";
import { bytesOf, encoded, hdusOf, open, saved } from "./helpers.js";

const FILES = [
  "ramp.fits",
  "uncal.fits",
  "multislit.fits",
  "tso_multispec.fits",
  "mask.fits",
  "rate.fits",
  "guider_cal.fits",
  "image_wcs.fits",
  "image_poly_wcs.fits",
];

describe("files of the reference implementation", () => {
  it.each(FILES)("%s is saved card for card and byte for byte", async (name) => {
    const before = await bytesOf(`${name}.gz`);
    const model = await open(`${name}.gz`);
    const original = (await hdusOf(before))[0].cards.find((c) => c.startsWith("FILENAME"))!;
    const after = await encoded(model, /'([^']*)'/.exec(original)![1].trim());
    expect(await hdusOf(after)).toEqual(await hdusOf(before));
  });

  it.each(FILES)("%s has the same layout when nothing of the file is left to copy", async (name) => {
    const before = await hdusOf(await bytesOf(`${name}.gz`));
    const model = await open(`${name}.gz`);
    await model.load();
    const copy = model.clone();
    Object.assign(copy, { origin: undefined });
    const after = await hdusOf(await encoded(copy));
    const layout = (hdus: typeof before) =>
      hdus.map((h) => [h.name, ...h.cards.map((c) => c.slice(0, 8).trim())].join(" "));
    expect(layout(after)).toEqual(layout(before));
    expect(after.map((h) => h.data)).toEqual(before.map((h) => h.data));
  });

  it("keeps the WCS and its arrays", async () => {
    const model = await open("image_poly_wcs.fits.gz");
    const again = await saved(model);
    expect(model.meta.wcs).toBeInstanceOf(Tagged);
    expect(JSON.stringify(again.meta.wcs)).toContain("transform");
    expect((again.meta.wcs as Tagged).tag).toBe((model.meta.wcs as Tagged).tag);
  });
});

describe("saving", () => {
  it("sets DATE, FILENAME and DATAMODL and makes what exists by default", async () => {
    const ramp = createModel("RampModel", { shape: [1, 2, 3, 4] });
    const sink = memorySink();
    await encodeModel(ramp, sink, { fileName: "a_ramp.fits", date: new Date("2024-01-02T03:04:05.678Z") });
    const again = await openModel(memorySource(sink.bytes(), "b.fits"), { model: "RampModel" });
    const [primary, ...rest] = await hdusOf(sink.bytes());
    expect(rest.map((h) => h.name)).toEqual(["SCI,1", "PIXELDQ,1", "GROUPDQ,1"]);
    expect(primary.cards.some((c) => c.startsWith("FILENAME= 'a_ramp.fits'"))).toBe(true);
    expect(again.meta.date).toBe("2024-01-02T03:04:05.678");
    expect(again.meta.filename).toBe("b.fits");
    expect(ramp.hasArray("groupdq")).toBe(false);
    expect(again.groupdq.shape).toEqual([1, 2, 3, 4]);
  });

  it("keeps metadata, history, foreign cards, HDUs and trees", async () => {
    const model = createModel("ImageModel", { shape: [2, 3] });
    model.meta.exposure.exposure_time = 12;
    model.meta.instrument.name = "MIRI";
    model.history.push("a note");
    model.extraFits.SCI = { header: [["MYCARD", 1.5, "mine"]] };
    model.extraFits.OTHER = { data: new NdArray(Int16Array.of(1, -2), [2]) };
    model.set("meta.mine", { list: [1, 2], nested: { text: "x" } });
    model.set("trace", new NdArray(Float64Array.of(1, 2, 3), [3]));
    model.set("meta.wcs", { toAsdf: () => new Tagged("tag:stsci.edu:gwcs/wcs-1.4.0", { name: "w" }) });
    // An object without a form of its own is what a WCS class would be.
    Object.setPrototypeOf(model.tree.meta && (model.tree.meta as { wcs: object }).wcs, class Wcs {}.prototype);
    Object.assign((model.tree.meta as { wcs: object }).wcs, {
      toAsdf: () => new Tagged("tag:stsci.edu:gwcs/wcs-1.4.0", { name: "w" }),
    });
    const again = await saved(model);
    expect(again.meta.exposure.exposure_time).toBe(12);
    expect(again.meta.instrument.name).toBe("MIRI");
    expect(again.history).toEqual(["a note"]);
    expect(again.extraFits.SCI.header).toEqual([["MYCARD", 1.5, "mine"]]);
    await again.load();
    expect((again.extraFits.OTHER.data as NdArray).data).toEqual(Int16Array.of(1, -2));
    expect(again.get("meta.mine.nested.text")).toBe("x");
    expect((again.get("trace") as NdArray).data).toEqual(Float64Array.of(1, 2, 3));
    expect((again.meta.wcs as Tagged<{ name: string }>).value.name).toBe("w");
  });

  it("writes whole floats as floats", async () => {
    const model = createModel("ImageModel", {
      shape: [2, 3],
      meta: { exposure: { group_time: 10 }, target: { ra: 5 } },
    });
    const [primary] = await hdusOf(await encoded(model));
    expect(primary.cards.find((c) => c.startsWith("TGROUP"))).toMatch(/^TGROUP {2}= +10\.0 \/ group time/);
  });

  it("gives list items their own HDU versions", async () => {
    const model = createModel("MultiSlitModel");
    for (const k of [1, 2]) model.slits.append({ name: `S${k}`, data: new NdArray(Float32Array.of(k, k), [1, 2]) });
    const again = await openModel(memorySource(await encoded(model), "m.fits"), { model: "MultiSlitModel" });
    expect(again.slits.map((s) => s.name)).toEqual(["S1", "S2"]);
    expect(again.slits.map((s) => s.data.get(0, 0))).toEqual([1, 2]);
  });

  it("saves the DQ of a reference file in the file's own bits, without ASDF extension", async () => {
    const model = await openModel(memorySource(await bytesOf("dark.fits.gz"), "dark.fits"), { model: "DarkModel" });
    expect([...model.dq.flat()].slice(0, 2)).toEqual([2049, 4096]);
    const bytes = await encoded(model);
    const dq = (await hdusOf(bytes)).find((h) => h.name === "DQ,1")!;
    const own = (await hdusOf(await bytesOf("dark.fits.gz"))).find((h) => h.name === "DQ,1")!;
    expect(dq.data).toEqual(own.data);
    expect(Buffer.from(bytes).includes("ASDF_METADATA")).toBe(false);
  });

  it("refuses FITS for models that have no form in it, and saves them as ASDF", async () => {
    const model = await open("disperser.asdf");
    await expect(encodeModel(model, memorySink(), { format: "fits" })).rejects.toThrow("can only be saved as ASDF");
    const again = await saved(model, "disperser.asdf");
    expect(again.modelType).toBe("DisperserModel");
    expect(again.get("kcoef")).toEqual([1.5, 2, 3]);
    expect((again.get("gwa_tiltx.tilt_model") as Tagged).tag).toContain("transform/polynomial");
  });

  it("warns about required metadata of reference files", async () => {
    const warnings: string[] = [];
    const model = createModel("MaskModel", { shape: [2, 2], log: { warn: (m: string) => void warnings.push(m) } });
    await encoded(model);
    expect(warnings).toEqual([
      "metadata required of a reference file is missing: description, reftype, author, pedigree, useafter, instrument.name",
    ]);
  });

  it("keeps the table of inputs", async () => {
    const model = createModel("ImageModel", { shape: [2, 3] });
    model.set("hdrtab", tableFrom({ FILENAME: ["a.fits", "b.fits"], TEXP: Float64Array.of(1, 2) }));
    const again = await saved(model);
    expect((again.get("hdrtab") as ReturnType<typeof tableFrom>).strings("FILENAME")).toEqual(["a.fits", "b.fits"]);
  });

  it.each([0, 1])("keeps the room for strings in ASDF, of a table of %i rows", async (rows) => {
    const model = createModel("MaskModel", { shape: [2, 3] });
    const text = Array.from({ length: rows }, () => "x");
    model.dq_def = tableFrom({
      BIT: new Int32Array(rows),
      VALUE: new Uint32Array(rows),
      NAME: text,
      DESCRIPTION: text,
    });
    const again = await saved(model, "x.asdf");
    await again.load();
    const tree = new TextDecoder("latin1").decode(await encoded(again, "x.asdf"));
    expect(tree.match(/ascii, \d+/g)).toEqual(["ascii, 40", "ascii, 80"]);
  });
});
