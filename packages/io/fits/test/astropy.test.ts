import { memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import type { AsciiTableHdu, BinTableHdu } from "../src/index.js";
import { formatCard, ImageHdu, openFits, openFitsSync } from "../src/index.js";
import { bytesOfFixture, expectedOf, openFixture, plain } from "./support.js";

// What astropy reads from the same files; made by tools/truth/fits_fixtures.py.

interface Expected {
  hdus: {
    kind: "image" | "table" | "none";
    name: string;
    dtype: string;
    shape: number[];
    values: (number | string)[];
    nrows: number;
    columns: {
      name: string;
      tform: string;
      unit?: string;
      dtype?: string;
      shape?: number[];
      variable?: boolean;
      values: unknown[];
    }[];
  }[];
}

const FILES = [
  "images.fits",
  "images.fits.gz",
  "compressed.fits.gz",
  "fpack_r_i2.fits",
  "fpack_g_f4.fits",
  "fpack_rq_f4.fits",
  "fpack_p_i4.fits",
  "fpack_r_u2.fits",
];

describe.each(FILES)("%s", (name) => {
  const { hdus } = expectedOf<Expected>(name.split(".")[0]);
  const file = openFixture(name);
  it("has the same HDUs", () => {
    expect(file.hdus.map((h) => h.name)).toEqual(hdus.map((h) => h.name));
    expect(file.warnings).toEqual([]);
  });
  it.each(hdus.map((h, i) => [i, h.name, h] as const))("HDU %i %s", async (index, _name, wanted) => {
    const hdu = file.hdus[index];
    expect(hdu).toBeInstanceOf(ImageHdu);
    if (!(hdu instanceof ImageHdu)) return;
    if (wanted.kind === "none") {
      expect(hdu.shape).toEqual([]);
      expect(hdu.readSync().shape).toEqual([0]);
      return;
    }
    const data = hdu.readSync();
    expect(data.dtype).toBe(wanted.dtype);
    expect(data.shape).toEqual(wanted.shape);
    expect(plain(data.data)).toEqual(wanted.values);
    expect(plain((await hdu.read()).data)).toEqual(wanted.values);
    const half = wanted.shape[0] >> 1;
    const plane = data.data.length / wanted.shape[0];
    expect(plain(hdu.readSync([half, wanted.shape[0]]).data)).toEqual(wanted.values.slice(half * plane));
  });
});

describe("tables.fits", () => {
  const { hdus } = expectedOf<Expected>("tables");
  const file = openFixture("tables.fits");
  const hdu = file.find("ALL") as BinTableHdu;
  const table = hdu.readSync();
  it("has the same size", () => {
    expect(table.nrows).toBe(hdus[1].nrows);
    expect((file.find("EMPTY") as BinTableHdu).readSync().nrows).toBe(0);
    expect(table.names).toEqual(hdus[1].columns.map((c) => c.name));
  });
  it.each(hdus[1].columns.map((c) => [c.name, c] as const))("column %s", async (name, wanted) => {
    const column = table.column(name);
    const values = (v: unknown) => (typeof v === "string" ? v : plain(v as never));
    for (const data of [column?.data, (await hdu.read({ columns: [name] })).get(name)]) {
      if (wanted.variable) expect((data as unknown[]).map(values)).toEqual(wanted.values);
      else if (column?.dtype === "bit" || column?.dtype === "bool8")
        expect(Array.from(data as Uint8Array, Boolean)).toEqual(wanted.values);
      else expect(plain(data as never)).toEqual(wanted.values.flat());
    }
    expect(column?.unit).toBe(wanted.unit ?? undefined);
    if (wanted.shape) expect(column?.shape).toEqual(wanted.shape);
    const numeric = column?.dtype !== "bit" && column?.dtype !== "bool8" && column?.dtype !== "string";
    // astropy makes floats of signed bytes in tables; the values are the same.
    if (wanted.dtype && numeric && name !== "i8") expect(column?.dtype).toBe(wanted.dtype);
  });
  it("reads a range of rows", () => {
    const part = hdu.readSync({ rows: [2, 4] });
    expect(part.nrows).toBe(2);
    expect(part.strings("text")).toEqual(table.strings("text").slice(2, 4));
    expect(plain(part.numbers("grid"))).toEqual(plain(table.numbers("grid")).slice(12, 24));
    expect(part.get("vint")).toEqual((table.get("vint") as unknown[]).slice(2, 4));
  });
});

describe("ascii.fits", () => {
  const { hdus } = expectedOf<Expected>("ascii");
  const hdu = openFixture("ascii.fits").find("TEXT") as AsciiTableHdu;
  it.each(hdus[1].columns.map((c) => [c.name, c] as const))("column %s", (name, wanted) => {
    expect(plain(hdu.readSync().get(name) as never)).toEqual(wanted.values);
    expect(hdu.columns.find((c) => c.name === name)?.unit).toBe(wanted.unit ?? undefined);
  });
});

describe("header.fits", () => {
  interface Cards {
    formatted: {
      keyword: string;
      value: string | number | boolean | null;
      form: string;
      comment: string;
      raw: string;
    }[];
    cards: { keyword: string; value: unknown; comment: string }[];
  }
  const { formatted, cards } = expectedOf<Cards>("header");
  it.each(formatted.map((c) => [c.keyword, c] as const))("formats %s as astropy does", (keyword, c) => {
    let value: unknown = c.value === null ? undefined : c.value;
    if (c.form === "int" && typeof value === "string") value = BigInt(value);
    if (Array.isArray(value)) value = { re: value[0], im: value[1] };
    // JSON does not keep the sign of zero.
    if (keyword === "NZERO") value = -0;
    expect(formatCard(keyword, value as never, c.comment, c.form === "float" ? "float" : undefined)).toBe(c.raw);
  });
  it("reads every card as astropy does", () => {
    const { header } = openFixture("header.fits").primary;
    const got = header.cards.map((c) => {
      const { value } = c;
      const shown =
        typeof value === "bigint" ? String(value) : typeof value === "object" ? [value.re, value.im] : (value ?? null);
      return { keyword: c.keyword, value: shown, comment: c.comment };
    });
    const wanted = cards.map((c) => ({ ...c, keyword: c.keyword.toUpperCase() }));
    expect(got).toEqual(wanted);
  });
  it("keeps every byte", async () => {
    const bytes = bytesOfFixture("header.fits");
    const { hdus } = await openFits(memorySource(bytes));
    expect(hdus[0].header.toBytes()).toEqual(bytes);
  });
});

describe("checksum.fits", () => {
  it("has the right checksums", async () => {
    for (const hdu of openFixture("checksum.fits").hdus) {
      expect(hdu.verifySync()).toEqual({ checksum: true, datasum: true });
      expect(await hdu.verify()).toEqual({ checksum: true, datasum: true });
    }
    for (const hdu of openFixture("images.fits").hdus) expect(hdu.verifySync()).toEqual({});
  });
  it("notices changed bytes", () => {
    const bytes = bytesOfFixture("checksum.fits");
    const { dataOffset, headerOffset } = openFixture("checksum.fits").hdus[1].place;
    bytes[dataOffset + 10] ^= 1;
    bytes[headerOffset + 2880 - 1] = 33;
    const damaged = (at: number) => {
      const copy = bytesOfFixture("checksum.fits");
      copy[at] ^= 1;
      return openAt(copy).verifySync();
    };
    expect(damaged(dataOffset + 10)).toEqual({ checksum: false, datasum: false });
    expect(damaged(headerOffset + 9 * 80 + 40)).toEqual({ checksum: false, datasum: true });
  });
});

function openAt(bytes: Uint8Array) {
  return openFitsSync(memorySource(bytes)).hdus[1];
}
