import { NdArray, ndarray } from "@calwebb/array";
import { memorySink, memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import {
  type BinTableHdu,
  type HduSpec,
  Header,
  ImageHdu,
  openFitsSync,
  type TableColumn,
  type WriteOptions,
  writeFits,
} from "../src/index.js";
import { bytesOfFixture, openFixture } from "./support.js";

async function written(hdus: readonly HduSpec[], options?: WriteOptions): Promise<Uint8Array> {
  const sink = memorySink("out.fits");
  await writeFits(hdus, sink, options);
  return sink.bytes().slice();
}

const reopened = async (hdus: readonly HduSpec[], options?: WriteOptions) =>
  openFitsSync(memorySource(await written(hdus, options), "out.fits"));

const fixtures = ["images.fits", "tables.fits", "ascii.fits", "compressed.fits.gz", "header.fits", "checksum.fits"];

describe("copying HDUs of an open file", () => {
  it.each(fixtures)("%s stays the same, byte for byte", async (name) => {
    const file = openFixture(name);
    const bytes = await file.source.read(0, file.source.size);
    expect(Buffer.compare(await written(file.hdus), bytes)).toBe(0);
  });
  it("changes nothing but an edited card", async () => {
    const file = openFixture("images.fits");
    const before = bytesOfFixture("images.fits");
    file.hdus[1].header.set("EXTNAME", "NEW");
    const after = await written(file.hdus);
    const { headerOffset } = file.hdus[1].place;
    const changed = [...after.keys()].filter((i) => after[i] !== before[i]);
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.every((i) => i >= headerOffset + 11 && i < headerOffset + 2880)).toBe(true);
    expect(after.length).toBe(before.length);
  });
  it("refuses to change what describes the data", async () => {
    const file = openFixture("images.fits");
    file.hdus[1].header.set("NAXIS1", 6);
    await expect(written(file.hdus)).rejects.toThrow(/HDU 1 \(U1\) of images.fits: NAXIS1 describes the stored data/);
  });
  it("makes an extension of a primary image and the other way round", async () => {
    const { hdus } = await reopened([openFixture("images.fits").hdus[12], openFixture("images.fits").hdus[11]]);
    expect(hdus.map((h) => [h.name, h.kind])).toEqual([
      ["RAMP", "primary"],
      ["SCALED", "image"],
    ]);
    const original = openFixture("images.fits");
    expect((hdus[0] as ImageHdu).readSync().data).toEqual((original.hdus[12] as ImageHdu).readSync().data);
    expect((hdus[1] as ImageHdu).readSync().data).toEqual((original.hdus[11] as ImageHdu).readSync().data);
    const back = await reopened([{ kind: "image" }, hdus[0]]);
    expect(back.hdus[1].kind).toBe("image");
    expect(back.hdus[1].header.get("XTENSION")).toBe("IMAGE");
    expect((back.hdus[1] as ImageHdu).readSync().data).toEqual((hdus[0] as ImageHdu).readSync().data);
  });
});

describe("new images", () => {
  it("have the bytes that astropy writes", async () => {
    const file = openFixture("images.fits");
    const { headerOffset } = file.hdus[11].place;
    const specs: HduSpec[] = file.hdus.slice(0, 11).map((h, i) => {
      const hdu = h as ImageHdu;
      return i === 0 ? { kind: "image" as const } : { kind: "image" as const, name: hdu.name, data: hdu.readSync() };
    });
    expect(Buffer.compare(await written(specs), bytesOfFixture("images.fits").subarray(0, headerOffset))).toBe(0);
    const line = file.hdus[13] as ImageHdu;
    const last = await written([{ kind: "image" }, { kind: "image", name: "LINE", version: 2, data: line.readSync() }]);
    expect(Buffer.compare(last.subarray(2880), bytesOfFixture("images.fits").subarray(line.place.headerOffset))).toBe(
      0,
    );
  });
  it("are streamed from blocks of any length", async () => {
    const all = Float32Array.from({ length: 24 }, (_, i) => i * 1.5);
    async function* blocks() {
      for (const [a, b] of [
        [0, 1],
        [1, 14],
        [14, 14],
        [14, 24],
      ])
        yield all.slice(a, b);
    }
    const spec = {
      kind: "image" as const,
      name: "SCI",
      data: { dtype: "float32" as const, shape: [2, 3, 4], blocks: blocks() },
    };
    const file = await reopened([{ kind: "image" }, spec], { checksum: true });
    const hdu = file.find("sci") as ImageHdu;
    expect(hdu.readSync().shape).toEqual([2, 3, 4]);
    expect(hdu.readSync().data).toEqual(all);
    expect(hdu.verifySync()).toEqual({ checksum: true, datasum: true });
  });
  it("refuse too few and too many streamed elements and leave nothing behind", async () => {
    for (const n of [5, 7]) {
      const sink = memorySink();
      const data = { dtype: "int16" as const, shape: [2, 3], blocks: [new Int16Array(n)] };
      await expect(writeFits([{ kind: "image", data }], sink)).rejects.toThrow(/than its shape \[2,3\] has/);
      expect(sink.bytes().length).toBe(0);
    }
    const data = { dtype: "int16" as const, shape: [2], blocks: [new Float32Array(2)] };
    await expect(written([{ kind: "image", name: "X", data }])).rejects.toThrow(
      /image X: got a block of float32, wanted int16/,
    );
  });
  it("are written from views", async () => {
    const base = ndarray("int32", [3, 4]);
    for (let i = 0; i < 12; i++) base.data[i] = i;
    const file = await reopened([
      { kind: "image", data: base.transpose() },
      { kind: "image", data: base.hi(2, 2).lo(1, 0) },
    ]);
    expect((file.hdus[0] as ImageHdu).readSync().shape).toEqual([4, 3]);
    expect([...((file.hdus[0] as ImageHdu).readSync().data as Int32Array)].slice(0, 4)).toEqual([0, 4, 8, 1]);
    expect([...((file.hdus[1] as ImageHdu).readSync().data as Int32Array)]).toEqual([4, 5]);
  });
  it("keep the cards of a given header and replace those that describe data", async () => {
    const header = openFixture("images.fits").hdus[11].header.clone();
    header.set("TARGET", "M 31", "where");
    const data = new NdArray(Float64Array.of(1, 2), [2]);
    const hdu = (await reopened([{ kind: "image" }, { kind: "image", header, data }])).hdus[1] as ImageHdu;
    expect(hdu.header.cards.map((c) => c.keyword)).toEqual([
      "XTENSION",
      "BITPIX",
      "NAXIS",
      "NAXIS1",
      "PCOUNT",
      "GCOUNT",
      "EXTNAME",
      "TARGET",
    ]);
    expect(hdu.header.get("BITPIX")).toBe(-64);
    expect([...(hdu.readSync().data as Float64Array)]).toEqual([1, 2]);
  });
});

describe("new tables", () => {
  it("keep names, formats and units", async () => {
    const file = openFixture("tables.fits");
    const table = (file.find("ALL") as BinTableHdu).readSync();
    const names = table.names.filter(
      (n) => !["scaled", "vlong", "vtext", "vint", "vfloat", "words", "text"].includes(n),
    );
    const columns = names.map((n) => table.column(n)).filter((c) => c !== undefined);
    const back = (await reopened([{ kind: "bintable", name: "ALL", columns }])).hdus[1] as BinTableHdu;
    expect(back.columns.map((c) => [c.name, c.tform, c.unit])).toEqual(columns.map((c) => [c.name, c.tform, c.unit]));
    const again = back.readSync();
    for (const c of columns) expect(again.get(c.name)).toEqual(c.data);
  });
  it("give back every column type", async () => {
    const table = (openFixture("tables.fits").find("ALL") as BinTableHdu).readSync();
    const file = await reopened([{ kind: "bintable", columns: table.columns }], { checksum: true });
    expect(file.hdus[0].kind).toBe("primary");
    const hdu = file.hdus[1] as BinTableHdu;
    const again = hdu.readSync();
    expect(hdu.verifySync()).toEqual({ checksum: true, datasum: true });
    for (const c of table.columns) {
      expect(again.get(c.name), c.name).toEqual(c.data);
      expect(again.column(c.name)?.shape, c.name).toEqual(c.shape);
    }
  });
  it("say which column does not fit", async () => {
    const columns = [
      { name: "a", data: Int32Array.of(1, 2), shape: [] },
      { name: "b", data: ["x"] },
    ];
    await expect(written([{ kind: "bintable", columns }])).rejects.toThrow(/column "b": got 1 strings, wanted 2 rows/);
    await expect(written([{ kind: "bintable", columns: [{ name: "c", data: ["\u20ac"] }] }])).rejects.toThrow(
      /column "c": "€" holds characters that FITS cannot store/,
    );
  });
  it("keep the width of strings, and grow it when needed", async () => {
    const table = (openFixture("tables.fits").find("ALL") as BinTableHdu).readSync();
    const text = table.column("text") as TableColumn;
    const short = { ...text, data: ["a", "b", "c", "d", "e", "f"] };
    const long = { ...text, name: "long", data: ["a", "b", "longer than seven", "d", "e", "f"] };
    const hdu = (await reopened([{ kind: "bintable", columns: [short, long] }])).hdus[1] as BinTableHdu;
    expect(hdu.columns.map((c) => [c.tform, c.width])).toEqual([
      ["7A", 7],
      ["17A", 17],
    ]);
    expect(hdu.readSync().get("long")).toEqual(long.data);
  });
  it("have TNULL in integer columns only", async () => {
    const columns = [
      { name: "i", data: Int16Array.of(1), null: -1 },
      { name: "f", data: Float64Array.of(1), null: -1 },
    ];
    const { header } = (await reopened([{ kind: "bintable", columns }])).hdus[1];
    expect([header.get("TNULL1"), header.has("TNULL2")]).toEqual([-1, false]);
  });
  it("can be empty", async () => {
    const columns = [
      { name: "a", data: new Int32Array(0), shape: [] },
      { name: "s", data: [] as string[], width: 5 },
    ];
    const hdu = (await reopened([{ kind: "bintable", columns, nrows: 0 }])).hdus[1] as BinTableHdu;
    expect(hdu.nrows).toBe(0);
    expect(hdu.columns.map((c) => c.tform)).toEqual(["J", "5A"]);
  });
});

describe("checksums", () => {
  it("are those of astropy", async () => {
    const file = openFixture("checksum.fits");
    const date = new Date("2026-01-02T03:04:05Z");
    const specs: HduSpec[] = file.hdus.map((hdu, i) => {
      if (hdu.kind === "bintable") return { kind: "bintable" as const, name: "TAB", columns: hdu.readSync().columns };
      return i === 0
        ? { kind: "image" as const }
        : { kind: "image" as const, name: hdu.name, data: (hdu as ImageHdu).readSync() };
    });
    expect(Buffer.compare(await written(specs, { checksum: true, date }), bytesOfFixture("checksum.fits"))).toBe(0);
  });
  it("are put into copied HDUs too", async () => {
    const file = await reopened(openFixture("tables.fits").hdus, { checksum: true });
    for (const hdu of file.hdus) expect(hdu.verifySync()).toEqual({ checksum: true, datasum: true });
  });
});

describe("failures", () => {
  it("stop when the signal fires", async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(written([{ kind: "image" }], { signal: controller.signal })).rejects.toMatchObject({
      kind: "Cancelled",
    });
  });
  it("put an empty primary HDU before a table", async () => {
    const file = await reopened([
      { kind: "bintable", header: new Header(), columns: [{ name: "a", data: Uint8Array.of(1) }] },
    ]);
    expect(file.hdus.map((h) => h.kind)).toEqual(["primary", "bintable"]);
    expect(file.hdus[0]).toBeInstanceOf(ImageHdu);
  });
});
