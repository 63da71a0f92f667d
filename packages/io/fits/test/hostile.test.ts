import { blobSource, memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import { type BinTableHdu, type FitsFile, ImageHdu, openFits, openFitsSync } from "../src/index.js";
import { bytesOfFixture, countingSource, openFixture } from "./support.js";

const pad = (text: string) => text.padEnd(Math.ceil(text.length / 2880) * 2880);
const card = (text: string) => text.padEnd(80);
const header = (...cards: string[]) => pad([...cards, "END"].map(card).join(""));
const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const num = (key: string, value: number | string) => `${key.padEnd(8)}= ${String(value).padStart(20)}`;
const str = (key: string, value: string) => `${key.padEnd(8)}= '${value}'`;

const PRIMARY = header(num("SIMPLE", "T"), num("BITPIX", 8), num("NAXIS", 0));

function open(text: string | Uint8Array): FitsFile {
  return openFitsSync(memorySource(typeof text === "string" ? bytes(text) : text, "bad.fits"));
}

function image(...cards: string[]): string {
  return header(num("SIMPLE", "T"), ...cards);
}

function table(cards: string[], data = ""): string {
  const first = [str("XTENSION", "BINTABLE"), num("BITPIX", 8), num("NAXIS", 2)];
  return PRIMARY + header(...first, ...cards) + (data ? data.padEnd(Math.ceil(data.length / 2880) * 2880, "\0") : "");
}

const refused: [string, string | Uint8Array, RegExp][] = [
  ["an empty file", "", /bad.fits is not a FITS file/],
  ["text", "hello world, this is no FITS file", /is not a FITS file: it does not start with "SIMPLE {2}="/],
  [
    "no END",
    image(num("BITPIX", 8), num("NAXIS", 0)).replace("END", "XXX"),
    /HDU 0: the header is not ended .* wanted an END card/,
  ],
  ["a header cut in the middle", PRIMARY.slice(0, 200), /HDU 0: the header is not ended/],
  ["no BITPIX", image(num("NAXIS", 0)), /HDU 0: BITPIX is missing or without a value, wanted a whole number/],
  ["BITPIX 12", image(num("BITPIX", 12), num("NAXIS", 0)), /BITPIX is 12, wanted 8, 16, 32, 64, -32 or -64/],
  ["BITPIX text", image(str("BITPIX", "16"), num("NAXIS", 0)), /BITPIX is "16", wanted/],
  ["NAXIS negative", image(num("BITPIX", 8), num("NAXIS", -1)), /NAXIS is -1, wanted a whole number 0 to 999/],
  ["NAXIS huge", image(num("BITPIX", 8), num("NAXIS", 1e9)), /NAXIS is 1000000000, wanted/],
  ["NAXIS1 negative", image(num("BITPIX", 8), num("NAXIS", 1), num("NAXIS1", -5)), /NAXIS1 is -5, wanted/],
  ["NAXIS2 missing", image(num("BITPIX", 8), num("NAXIS", 2), num("NAXIS1", 5)), /NAXIS2 is missing/],
  [
    "NAXIS1 beyond int64",
    image(num("BITPIX", 8), num("NAXIS", 1), num("NAXIS1", "99999999999999999999")),
    /NAXIS1 is 99999999999999999999/,
  ],
  [
    "a product that overflows",
    image(num("BITPIX", 64), num("NAXIS", 3), ...[1, 2, 3].map((i) => num(`NAXIS${i}`, 2 ** 31))),
    /the data size is .* wanted a possible size/,
  ],
  [
    "an image larger than the file",
    image(num("BITPIX", -32), num("NAXIS", 2), num("NAXIS1", 2048), num("NAXIS2", 2048)),
    /HDU 0: the file has 2880 bytes, but the header promises data \(2048 x 2048, BITPIX -32\) up to byte 16780096; the file is cut short/,
  ],
  [
    "random groups",
    image(num("BITPIX", 8), num("NAXIS", 2), num("NAXIS1", 0), num("NAXIS2", 5), num("GROUPS", "T")),
    /random groups .* are not supported/,
  ],
  ["BZERO text", image(num("BITPIX", 16), num("NAXIS", 0), str("BZERO", "x")), /BZERO is "x", wanted a number/],
  [
    "PCOUNT negative",
    table([num("NAXIS1", 0), num("NAXIS2", 0), num("PCOUNT", -8), num("TFIELDS", 0)]),
    /HDU 1: PCOUNT is -8/,
  ],
  [
    "TFIELDS 10^6",
    table([num("NAXIS1", 0), num("NAXIS2", 0), num("TFIELDS", 1e6)]),
    /TFIELDS is 1000000, wanted a whole number 0 to 999/,
  ],
  [
    "10^9 rows",
    table([num("NAXIS1", 8), num("NAXIS2", 1e9), num("TFIELDS", 1), str("TFORM1", "D")]),
    /promises data \(1000000000 x 8/,
  ],
  [
    "TFORM missing",
    table([num("NAXIS1", 8), num("NAXIS2", 0), num("TFIELDS", 1)]),
    /TFORM1 is missing or without a value, wanted a repeat count/,
  ],
  [
    "TFORM nonsense",
    table([num("NAXIS1", 8), num("NAXIS2", 0), num("TFIELDS", 1), str("TFORM1", "8Z")]),
    /TFORM1 is "8Z"/,
  ],
  [
    "TFORM repeat huge",
    table([num("NAXIS1", 8), num("NAXIS2", 0), num("TFIELDS", 1), str("TFORM1", "999999999999D")]),
    /NAXIS1 is 8 bytes in a row, wanted at least/,
  ],
  [
    "rows shorter than columns",
    table([num("NAXIS1", 4), num("NAXIS2", 0), num("TFIELDS", 1), str("TFORM1", "D")]),
    /NAXIS1 is 4 bytes in a row, wanted at least 8/,
  ],
  [
    "THEAP outside",
    table([num("NAXIS1", 8), num("NAXIS2", 0), num("TFIELDS", 1), num("THEAP", 100), str("TFORM1", "D")]),
    /THEAP is 100/,
  ],
];

describe("files that are refused when they are opened", () => {
  it.each(refused)("%s", async (_name, content, message) => {
    const error = (f: () => unknown): unknown => {
      try {
        f();
      } catch (e) {
        return e;
      }
      return undefined;
    };
    const thrown = error(() => open(content)) as Error & { kind: string; fields: { file?: string } };
    expect(thrown?.message).toMatch(message);
    expect(thrown.kind).toBe("FitsFormatError");
    expect(thrown.fields.file).toBe("bad.fits");
    const source = memorySource(typeof content === "string" ? bytes(content) : content, "bad.fits");
    await expect(openFits(source)).rejects.toThrow(message);
  });
});

describe("what is read over", () => {
  it("trailing junk, with a warning", () => {
    const file = open(`${PRIMARY}${"junk".repeat(25)}`);
    expect(file.hdus.length).toBe(1);
    expect(file.warnings).toEqual(["bad.fits: 100 bytes after HDU 0 are not an HDU and are ignored"]);
  });
  it("a last block that is not complete, with a warning", () => {
    const whole = bytesOfFixture("images.fits");
    const cut = openFixture("images.fits").hdus[13].place;
    const file = open(whole.slice(0, cut.dataOffset + cut.dataLength));
    expect(file.warnings).toEqual(["bad.fits: the last block of HDU 13 is not complete"]);
    expect((file.hdus[13] as ImageHdu).readSync().data).toEqual(
      (openFixture("images.fits").hdus[13] as ImageHdu).readSync().data,
    );
    expect(() => open(whole.slice(0, cut.dataOffset + cut.dataLength - 1))).toThrow(/cut short/);
  });
  it("cards that mean nothing", () => {
    const odd = [
      "GARBAGE \x01\x02\xff",
      "= = = = =",
      "KEY     = 'unterminated",
      "NUM     = 12abc / x",
      "CONTINUE  'alone'",
    ];
    const file = open(header(num("SIMPLE", "T"), num("BITPIX", 8), num("NAXIS", 0), ...odd));
    const { header: h } = file.primary;
    expect(h.get("KEY")).toBeUndefined();
    expect(h.card("NUM")?.type).toBe("invalid");
    expect(h.cards.length).toBe(8);
  });
  it("an extension of an unknown kind", () => {
    const cards = [
      str("XTENSION", "FOREIGN"),
      num("BITPIX", 8),
      num("NAXIS", 1),
      num("NAXIS1", 10),
      num("PCOUNT", 0),
      num("GCOUNT", 1),
    ];
    const file = open(PRIMARY + header(...cards) + pad("0123456789"));
    expect(file.hdus[1].kind).toBe("unknown");
    expect(Buffer.from(file.hdus[1].readBytesSync()).toString()).toBe("0123456789");
  });
});

describe("damage found when data is read", () => {
  it("a heap pointer outside the heap", () => {
    const content = bytesOfFixture("tables.fits");
    const hdu = openFixture("tables.fits").find("ALL") as BinTableHdu;
    const column = hdu.layout.find((c) => c.info.name === "vfloat");
    const at = hdu.place.dataOffset + hdu.rowLength + (column?.offset ?? 0);
    for (const [offset, value] of [
      [at + 4, 0x7f],
      [at + 4, 0xff],
      [at, 0x7f],
      [at, 0x80],
    ]) {
      const copy = content.slice();
      copy[offset] = value;
      const table = open(copy).find("ALL") as BinTableHdu;
      expect(() => table.readSync()).toThrow(
        /bad.fits, HDU 1 \(ALL\): column vfloat, row 1 is .* wanted a place inside the heap/,
      );
      expect(table.readSync({ columns: ["int"] }).nrows).toBe(6);
    }
  });
  it("compressed tiles that are damaged", () => {
    const original = openFixture("compressed.fits.gz");
    const content = original.source.readSync?.(0, original.source.size) as Uint8Array;
    for (const name of ["I2_RICE_1", "I2_GZIP_1", "MASK_PLIO"]) {
      const { place } = original.find(name) as ImageHdu;
      const copy = content.slice();
      for (let i = place.dataOffset + place.dataLength - 60; i < place.dataOffset + place.dataLength; i++)
        copy[i] = 0xff;
      const hdu = open(copy).find(name) as ImageHdu;
      let message = "";
      try {
        hdu.readSync();
      } catch (error) {
        message = (error as Error).message;
      }
      // Rice code has no checksum: damage may decode to other pixels, or be noticed.
      if (name === "I2_RICE_1") expect(message).toMatch(/^$|tile \d+ is damaged/);
      else expect(message).toMatch(/bad.fits, HDU \d+ \(\w+\): tile \d+ is damaged/);
    }
  });
  it("an absurd compressed image", () => {
    const cards = [
      num("ZIMAGE", "T"),
      num("ZBITPIX", -64),
      num("ZNAXIS", 2),
      num("ZNAXIS1", 1e9),
      num("ZNAXIS2", 1),
      str("ZCMPTYPE", "GZIP_1"),
    ];
    const form = [
      num("NAXIS1", 8),
      num("NAXIS2", 1),
      num("PCOUNT", 0),
      num("TFIELDS", 1),
      str("TTYPE1", "COMPRESSED_DATA"),
      str("TFORM1", "1PB"),
    ];
    expect(() => open(table([...form, ...cards], "\0".repeat(8)))).toThrow(
      /the image is 8000000000 bytes from 0 compressed ones/,
    );
    const more = cards.map((c) => (c.startsWith("ZNAXIS2") ? num("ZNAXIS2", 7) : c));
    expect(() => open(table([...form, ...more], "\0".repeat(8)))).toThrow(/NAXIS2 is 1 tiles, wanted 7/);
    const hcompress = cards.map((c) => (c.startsWith("ZCMP") ? str("ZCMPTYPE", "HCOMPRESS_1") : c));
    expect(() => open(table([...form, ...hcompress], "\0".repeat(8)))).toThrow(
      /ZCMPTYPE is "HCOMPRESS_1", wanted one of RICE_1/,
    );
  });
});

describe("partial reads", () => {
  it("touch only the bytes of the planes asked for", () => {
    const source = countingSource(bytesOfFixture("images.fits"));
    const hdu = openFitsSync(source).find("RAMP") as ImageHdu;
    source.taken = 0;
    source.from = Number.POSITIVE_INFINITY;
    source.to = 0;
    expect(hdu.readSync([1, 2]).shape).toEqual([1, 3, 4, 5]);
    expect(source).toMatchObject({ taken: 120, from: hdu.place.dataOffset + 120, to: hdu.place.dataOffset + 240 });
    source.taken = 0;
    const group = new Float32Array(20);
    hdu.readIntoSync(group, 40);
    expect(source.taken).toBe(40);
    expect(group[0]).toBe(40040);
  });
  it("of a table touch only the rows asked for", () => {
    const source = countingSource(bytesOfFixture("tables.fits"));
    const hdu = openFitsSync(source).find("ALL") as BinTableHdu;
    source.taken = 0;
    hdu.readSync({ columns: ["int"], rows: [3, 5] });
    expect(source.taken).toBe(2 * hdu.rowLength);
  });
  it("say what is outside", () => {
    const hdu = openFixture("images.fits").find("RAMP") as ImageHdu;
    expect(() => hdu.readSync([1, 3])).toThrow(/planes \[1, 3\) are outside HDU 12 \(RAMP\) of images.fits/);
    expect(() => hdu.readIntoSync(new Float32Array(121))).toThrow(/elements 0 to 121 are outside/);
    expect(hdu).toBeInstanceOf(ImageHdu);
  });
});

describe("sources that can only be read asynchronously", () => {
  const blob = () => blobSource(new Blob([bytesOfFixture("images.fits") as Uint8Array<ArrayBuffer>]), "blob.fits");
  it("are read asynchronously", async () => {
    const file = await openFits(blob());
    const hdu = file.find("RAMP") as ImageHdu;
    expect((await hdu.read()).data).toEqual((openFixture("images.fits").find("RAMP") as ImageHdu).readSync().data);
    expect(() => hdu.readSync()).toThrow(/cannot read blob.fits synchronously: use the asynchronous functions/);
    expect(() => openFitsSync(blob())).toThrow(/synchronously/);
  });
  it("may be gzip files, within bounds", async () => {
    const zipped = new Blob([bytesOfFixture("images.fits.gz") as Uint8Array<ArrayBuffer>]);
    expect((await openFits(blobSource(zipped))).hdus.length).toBe(14);
    await expect(openFits(blobSource(zipped, "a.gz"), { maxBytes: 5000 })).rejects.toThrow(
      /refused to decompress a.gz/,
    );
  });
});

describe("TDIM that does not fit", () => {
  it("is ignored with a warning", () => {
    const content = bytesOfFixture("tables.fits");
    const text = Buffer.from(content).toString("latin1");
    content.set(bytes("(3,1)"), text.indexOf("'(3,2)") + 1);
    const file = open(content);
    expect(file.warnings).toEqual(['bad.fits, HDU 1: TDIM17 (1,3) does not fit TFORM17 = "6E"; ignored']);
    expect((file.find("ALL") as BinTableHdu).readSync({ columns: ["grid"] }).column("grid")?.shape).toEqual([6]);
  });
});
