import { memorySource } from "@calwebb/bytes";
import { describe, expect, it } from "vitest";
import { type AsciiTableHdu, Header, openFitsSync } from "../src/index.js";

/** A file with an ASCII table of these rows; columns are [TBCOL, TFORM, further cards]. */
function table(rows: string[], columns: [number, string, Record<string, string | number>?][]): AsciiTableHdu {
  const primary = new Header().set("SIMPLE", true).set("BITPIX", 8).set("NAXIS", 0).toBytes();
  const width = rows[0].length;
  const header = new Header().set("XTENSION", "TABLE").set("BITPIX", 8).set("NAXIS", 2).set("NAXIS1", width);
  header.set("NAXIS2", rows.length).set("PCOUNT", 0).set("GCOUNT", 1).set("TFIELDS", columns.length);
  columns.forEach(([start, form, more], i) => {
    header
      .set(`TBCOL${i + 1}`, start)
      .set(`TFORM${i + 1}`, form)
      .set(`TTYPE${i + 1}`, `c${i + 1}`);
    for (const [key, value] of Object.entries(more ?? {})) header.set(`${key}${i + 1}`, value);
  });
  const data = Buffer.alloc(2880, 32);
  data.write(rows.join(""), "latin1");
  const bytes = new Uint8Array(Buffer.concat([primary, header.toBytes(), data]));
  return openFitsSync(memorySource(bytes, "ascii.fits")).hdus[1] as AsciiTableHdu;
}

describe("ASCII tables", () => {
  it("hold numbers in every spelling", () => {
    const hdu = table(["  1.5D+02", " -25E-1  ", "   3     ", "  12+3   "], [[1, "E9.1"]]);
    expect([...hdu.readSync().numbers("c1")]).toEqual([150, -0.25, 0.3, 1200]);
  });
  it("may leave fields blank or null", () => {
    const hdu = table(
      ["   1  1.5", "  --   --", "         "],
      [
        [1, "I4", { TNULL: "--" }],
        [5, "F5.1", { TNULL: "--" }],
      ],
    );
    expect([...hdu.readSync().numbers("c1")]).toEqual([1, 0, 0]);
    expect([...hdu.readSync().numbers("c2")]).toEqual([1.5, Number.NaN, 0]);
  });
  it("are scaled", () => {
    const hdu = table(["  10", " -20"], [[1, "I4", { TSCAL: 0.5, TZERO: 3 }]]);
    expect(hdu.columns[0].dtype).toBe("float64");
    expect([...hdu.readSync().numbers("c1")]).toEqual([8, -7]);
  });
  it("are read by rows and columns", () => {
    const hdu = table(
      ["a   1", "b   2", "c   3"],
      [
        [1, "A1"],
        [2, "I4"],
      ],
    );
    const part = hdu.readSync({ columns: ["C2"], rows: [1, 3] });
    expect(part.names).toEqual(["c2"]);
    expect([...part.numbers("c2")]).toEqual([2, 3]);
    expect(() => hdu.readSync({ columns: ["none"] })).toThrow(/HDU 1 of ascii.fits has no column "none"/);
    expect(() => hdu.readSync({ rows: [0, 4] })).toThrow(/rows \[0, 4\) are outside HDU 1/);
  });
  it("say where a number is none", () => {
    const hdu = table(["  1", " x2"], [[1, "I3"]]);
    expect(() => hdu.readSync()).toThrow(/ascii.fits, HDU 1: column c1, row 1 is "x2", wanted a number/);
  });
  it("are refused when columns lie outside the row, or on top of each other many times", () => {
    expect(() => table(["abc"], [[2, "A3"]])).toThrow(
      /TBCOL1 is 2 for 3 characters, wanted columns inside the row of 3/,
    );
    const many = Array.from({ length: 9 }, () => [1, "A3"] as [number, string]);
    expect(() => table(["abc"], many)).toThrow(
      /the columns is 27 characters, wanted at most a few times those of the row, 3/,
    );
    expect(() => table(["abc"], [[1, "Z3"]])).toThrow(/TFORM1 is "Z3", wanted A, I, F, E or D and a width/);
  });
});
