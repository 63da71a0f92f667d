import { memorySink } from "@calwebb/bytes";
import { FITS as NextFits } from "fitsjs-ng";
import { describe, expect, it } from "vitest";
import { type FitsjsHdu, fromFitsjs } from "../src/fitsjs.js";
import { type BinTableHdu, ImageHdu, type TableColumn, writeFits } from "../src/index.js";
import { calledBack, fitsjsPixels, openFitsjs } from "./fitsjs-support.js";
import { openFixture, plain } from "./support.js";

// The same HDUs through fitsjs 0.6.6, fitsjs-ng 1.0.2 and this package, whose values are astropy's (astropy.test.ts).
// This table is the record of where the others differ: "same", "differs" (silently wrong) or "fails".

type Outcome = "same" | "differs" | "fails";

const IMAGES: [hdu: string, fitsjs: Outcome, next: Outcome][] = [
  ["U1", "same", "same"],
  ["I2", "same", "same"],
  ["I4", "same", "same"],
  ["I8", "fails", "same"],
  ["F4", "same", "same"],
  ["F8", "differs", "same"],
  ["U2", "differs", "same"],
  ["U4", "differs", "same"],
  ["U8", "fails", "differs"],
  ["I1", "differs", "same"],
  ["SCALED", "differs", "differs"],
  ["RAMP", "differs", "differs"],
  ["LINE", "same", "same"],
];
const COMPRESSED: [hdu: string, fitsjs: Outcome, next: Outcome][] = [
  ["I2_RICE_1", "differs", "same"],
  ["I4_RICE_1", "differs", "differs"],
  ["CUBE_RICE_1", "differs", "differs"],
  ["U1_RICE_1", "differs", "same"],
  ["U2_RICE_1", "differs", "same"],
  ["F4_ND_RICE_1", "differs", "fails"],
  ["F4_D1_RICE_1", "differs", "fails"],
  ["F4_D2_RICE_1", "differs", "fails"],
  ["F8_RICE_1", "differs", "fails"],
  ["I2_GZIP_1", "fails", "same"],
  ["I4_GZIP_1", "fails", "differs"],
  ["CUBE_GZIP_1", "fails", "differs"],
  ["U1_GZIP_1", "fails", "same"],
  ["U2_GZIP_1", "fails", "same"],
  ["F4_ND_GZIP_1", "fails", "fails"],
  ["F4_D1_GZIP_1", "fails", "fails"],
  ["F4_D2_GZIP_1", "fails", "fails"],
  ["F8_GZIP_1", "fails", "fails"],
  ["I2_GZIP_2", "fails", "fails"],
  ["I4_GZIP_2", "fails", "fails"],
  ["CUBE_GZIP_2", "fails", "fails"],
  ["U1_GZIP_2", "fails", "fails"],
  ["U2_GZIP_2", "fails", "fails"],
  ["F4_ND_GZIP_2", "fails", "fails"],
  ["F4_D1_GZIP_2", "fails", "fails"],
  ["F4_D2_GZIP_2", "fails", "fails"],
  ["F8_GZIP_2", "fails", "fails"],
  ["LOSSLESS_1", "fails", "same"],
  ["LOSSLESS_2", "fails", "fails"],
  ["MASK_PLIO", "fails", "same"],
  ["NONE", "fails", "fails"],
  ["WILD_F4", "differs", "differs"],
];
const COLUMNS: [column: string, fitsjs: Outcome, next: Outcome][] = [
  ["bool", "same", "same"],
  ["bits", "differs", "same"],
  ["byte", "same", "same"],
  ["short", "same", "same"],
  ["int", "same", "same"],
  ["long", "differs", "same"],
  ["text", "differs", "differs"],
  ["float", "same", "same"],
  ["double", "same", "same"],
  ["cpx", "same", "same"],
  ["dcpx", "same", "same"],
  ["u16", "differs", "differs"],
  ["u32", "differs", "differs"],
  ["u64", "differs", "differs"],
  ["i8", "differs", "differs"],
  ["grid", "same", "same"],
  ["pair", "same", "same"],
  ["words", "differs", "differs"],
  ["vfloat", "fails", "differs"],
  ["vint", "fails", "same"],
  ["vlong", "fails", "differs"],
  ["vtext", "fails", "fails"],
];

/** A file of one extension. */
async function single(fixture: string, name: string): Promise<{ bytes: Uint8Array; hdu: ImageHdu | BinTableHdu }> {
  const hdu = openFixture(fixture).find(name) as ImageHdu;
  const sink = memorySink();
  await writeFits([{ kind: "image" }, hdu], sink);
  return { bytes: sink.bytes().slice(), hdu };
}

/** Values in comparable form. */
const numbers = (data: ArrayLike<unknown>): unknown[] =>
  Array.from(data, (x) => (typeof x === "boolean" ? Number(x) : Object.is(x, -0) ? 0 : x));

async function outcome(wanted: unknown[], read: () => Promise<unknown[]>): Promise<Outcome> {
  try {
    const got = await read();
    return JSON.stringify(got.map(String)) === JSON.stringify(wanted.map(String)) ? "same" : "differs";
  } catch {
    return "fails";
  }
}

const viaFitsjs = (bytes: Uint8Array) => async () => {
  const { data } = (await openFitsjs(bytes)).hdus[1];
  if (data === undefined) throw new Error("no data");
  if (data.frameOffsets !== undefined) return numbers(await fitsjsPixels(data));
  return numbers(await calledBack<ArrayLike<number>>((done) => data.getFrame(0, done)));
};

const viaNext = (bytes: Uint8Array) => async () => {
  const image = NextFits.fromArrayBuffer(bytes.slice().buffer, { onWarning: () => {} }).hdus[1].data as unknown as {
    depth?: number;
    getFrame(n: number): Promise<ArrayLike<unknown>>;
  };
  const out: unknown[] = [];
  for (let k = 0; k < (image.depth ?? 1); k++) for (const x of numbers(await image.getFrame(k))) out.push(x);
  return out;
};

/** All values of the only column of a table, row after row. */
const flatten = (rows: ArrayLike<unknown>, name: string): unknown[] =>
  Array.from(rows, (row) => (row as Record<string, unknown>)[name]).flatMap((v) =>
    typeof v === "object" && v !== null ? numbers(v as ArrayLike<unknown>) : numbers([v]),
  );

const columnViaFitsjs = (bytes: Uint8Array, name: string, nrows: number) => async () => {
  const { data } = (await openFitsjs(bytes)).hdus[1];
  return flatten(await calledBack<ArrayLike<unknown>>((done) => data?.getRows(0, nrows, done)), name);
};

const columnViaNext = (bytes: Uint8Array, name: string, nrows: number) => async () => {
  const table = NextFits.fromArrayBuffer(bytes.slice().buffer, { onWarning: () => {} }).hdus[1].data as unknown as {
    getRows(row: number, n: number): Promise<ArrayLike<unknown>>;
  };
  return flatten(await table.getRows(0, nrows), name);
};

describe.each([
  ["images.fits", IMAGES],
  ["compressed.fits.gz", COMPRESSED],
] as const)("images of %s in other readers", (fixture, record) => {
  it("are all on record", () => {
    expect(record.map(([name]) => name)).toEqual(
      openFixture(fixture)
        .hdus.slice(1)
        .map((h) => h.name),
    );
  });
  it.each(record)("%s: fitsjs %s, fitsjs-ng %s", async (name, fitsjs, next) => {
    const { bytes, hdu } = await single(fixture, name);
    const wanted = numbers((hdu as ImageHdu).readSync().data);
    expect(await outcome(wanted, viaFitsjs(bytes))).toBe(fitsjs);
    expect(await outcome(wanted, viaNext(bytes))).toBe(next);
  });
});

describe("columns of tables.fits in other readers", () => {
  it.each(COLUMNS)("%s: fitsjs %s, fitsjs-ng %s", async (name, fitsjs, next) => {
    const table = (openFixture("tables.fits").find("ALL") as BinTableHdu).readSync();
    const column = table.column(name) as TableColumn;
    const sink = memorySink();
    await writeFits([{ kind: "bintable", columns: [column] }], sink);
    const bytes = sink.bytes().slice();
    const wanted = flatten(
      Array.from(column.data as ArrayLike<unknown>, (v) => ({ [name]: v })),
      name,
    );
    expect(await outcome(wanted, columnViaFitsjs(bytes, name, table.nrows))).toBe(fitsjs);
    expect(await outcome(wanted, columnViaNext(bytes, name, table.nrows))).toBe(next);
  });
});

describe("fromFitsjs", () => {
  it.each(
    IMAGES.filter(([, fitsjs]) => fitsjs !== "fails"),
  )("takes over image %s with the right values", async (name) => {
    const { bytes, hdu } = await single("images.fits", name);
    const taken = await fromFitsjs((await openFitsjs(bytes)).hdus[1] as FitsjsHdu);
    expect(taken).toBeInstanceOf(ImageHdu);
    expect(taken.name).toBe(name);
    expect((taken as ImageHdu).readSync()).toEqual((hdu as ImageHdu).readSync());
  });
  it("takes over tables, compressed images and primary HDUs", async () => {
    const { bytes, hdu } = await single("tables.fits", "ALL");
    const file = await openFitsjs(bytes);
    const table = (await fromFitsjs(file.hdus[1] as FitsjsHdu, "a.fits")) as BinTableHdu;
    expect(table.readSync()).toEqual((hdu as BinTableHdu).readSync());
    const primary = await fromFitsjs(file.hdus[0] as FitsjsHdu);
    expect(primary.kind).toBe("primary");
    expect(primary.header.toBytes()).toEqual(bytes.subarray(0, 2880));
    const rice = await single("compressed.fits.gz", "F4_D2_RICE_1");
    const image = (await fromFitsjs((await openFitsjs(rice.bytes)).hdus[1] as FitsjsHdu)) as ImageHdu;
    expect(plain(image.readSync().data)).toEqual(plain((rice.hdu as ImageHdu).readSync().data));
  });
  it("takes over HDUs of fitsjs-ng", async () => {
    const { bytes, hdu } = await single("images.fits", "RAMP");
    const next = NextFits.fromArrayBuffer(bytes.slice().buffer).hdus[1] as unknown as FitsjsHdu;
    expect(((await fromFitsjs(next)) as ImageHdu).readSync()).toEqual((hdu as ImageHdu).readSync());
  });
  it("refuses anything else", async () => {
    await expect(fromFitsjs({} as FitsjsHdu)).rejects.toThrow(/not an HDU of fitsjs/);
    await expect(fromFitsjs({ header: { block: "SIMPLE  =" } })).rejects.toThrow(
      /fitsjs, HDU 0: the header is not ended/,
    );
  });
});
