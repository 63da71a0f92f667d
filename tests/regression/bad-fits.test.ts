import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "./support/check.js";
import { type Exposure, exposure, temporaryFolder } from "./support/exposures.js";
import { cardAt, flip, header, headerAt, patch } from "./support/fits-bytes.js";

// Files that are not what they say, given to the built command line as a user would.
const { path: folder, remove } = temporaryFolder();
afterAll(remove);
let raw: Uint8Array;
let good: Exposure;
beforeAll(async () => {
  good = await exposure(folder, "nircam", { size: 32 });
  raw = readFileSync(join(folder, good.raw));
});

/** The END of the last header gone, and all that follows with it. */
function blankEnd(bytes: Uint8Array): Uint8Array {
  const out = Uint8Array.from(bytes);
  const { end } = headerAt(bytes, "INT_TIMES");
  return out.fill(0x20, end, end + 80);
}

const IMAGE = ["SIMPLE  =                    T", "BITPIX  =                   16"];
/** What is done to the raw exposure, and what the message has to name. */
const CASES: Record<string, [make: (raw: Uint8Array) => Uint8Array, ...says: RegExp[]]> = {
  "an empty file": [() => new Uint8Array(0), /it is empty/],
  "a text file": [() => Buffer.from("not a FITS file\n".repeat(400)), /not a FITS file/],
  "a file cut within its first header": [(b) => b.slice(0, 1000), /HDU 0: the header is not ended/],
  "a file cut within the SCI data": [
    (b) => b.slice(0, headerAt(b, "SCI").end + 2880 + 5000),
    /SCI/,
    /truncated|ends|short/,
  ],
  "a file cut within the SCI header": [
    (b) => b.slice(0, headerAt(b, "SCI").start + 240),
    /HDU 1: the header is not ended/,
  ],
  "999 axes": [(b) => patch(b, "SCI", { NAXIS: "999" }), /HDU 1 \(SCI\)/, /NAXIS/],
  "1000 axes": [(b) => patch(b, "SCI", { NAXIS: "1000" }), /NAXIS/, /1000/],
  "an axis of 10^12 pixels": [(b) => patch(b, "SCI", { NAXIS1: "1000000000000" }), /HDU 1 \(SCI\)/],
  "an axis of 10^18 pixels": [(b) => patch(b, "SCI", { NAXIS1: "1000000000000000000" }), /NAXIS/],
  "a negative axis": [(b) => patch(b, "SCI", { NAXIS1: "-5" }), /NAXIS1/, /-5/],
  "an axis that is text": [(b) => patch(b, "SCI", { NAXIS1: "'wide'" }), /NAXIS1/, /wide/],
  "an axis that is a fraction": [(b) => patch(b, "SCI", { NAXIS1: "31.5" }), /NAXIS1/, /31\.5/],
  "no NAXIS2": [(b) => patch(b, "SCI", { NAXIS2: undefined }), /NAXIS2/],
  "BITPIX of 17": [(b) => patch(b, "SCI", { BITPIX: "17" }), /BITPIX/, /17/],
  "BZERO that is text": [(b) => patch(b, "SCI", { BZERO: "'abc'" }), /BZERO/, /abc/],
  "PCOUNT of 10^15": [(b) => patch(b, "GROUP", { PCOUNT: "1000000000000000" }), /HDU 2 \(GROUP\)/],
  "a negative PCOUNT": [(b) => patch(b, "GROUP", { PCOUNT: "-2880" }), /PCOUNT/, /-2880/],
  "a table of 10^6 columns": [(b) => patch(b, "GROUP", { TFIELDS: "1000000" }), /TFIELDS/],
  "a table of 999 columns that are not described": [(b) => patch(b, "GROUP", { TFIELDS: "999" }), /TFORM14/],
  "a table of 10^9 rows": [(b) => patch(b, "GROUP", { NAXIS2: "1000000000" }), /HDU 2 \(GROUP\)/],
  "a column wider than its rows": [
    (b) => patch(b, "GROUP", { TFORM1: "'999999999J'" }),
    /HDU 2 \(GROUP\)/,
    /TFORM1|NAXIS1|row/,
  ],
  "a column of an unknown type": [(b) => patch(b, "GROUP", { TFORM1: "'1Z'" }), /TFORM1/, /1Z/],
  "no END": [(b) => blankEnd(b), /END/],
  "no SIMPLE": [(b) => flip(b, 0, 1), /SIMPLE|FITS/],
  "a bit turned over in the name of NAXIS": [(b) => flip(b, cardAt(b, "SCI", "NAXIS") + 1, 2), /NAXIS/],
  "a bit turned over in XTENSION": [
    (b) => flip(b, headerAt(b, "SCI").start, 0),
    /HDU 1: the header is starting with "YTENSION=/,
  ],
  "a header without end": [
    () =>
      Buffer.concat([
        header(...IMAGE, "NAXIS   =                    0").subarray(0, 240),
        Buffer.alloc(40_000_000, " "),
      ]),
    /END/,
  ],
  "a primary array of 999 axes of 10^9": [
    () =>
      header(
        ...IMAGE,
        "NAXIS   =                  999",
        ...Array.from({ length: 999 }, (_, i) => `NAXIS${i + 1}`.padEnd(8) + "=           1000000000"),
      ),
    /NAXIS|pixels|bytes/,
  ],
  "a gzip file that is cut": [(b) => gzipSync(b).subarray(0, 3000), /gzip/],
  "a gzip file with a wrong byte": [(b) => flip(gzipSync(b), 4000, 3), /gzip|CRC|damaged/i],
};

describe("a damaged or hostile raw exposure is refused with one sentence", () => {
  for (const [name, [make, ...says]] of Object.entries(CASES))
    test(name, async () => {
      writeFileSync(join(folder, "bad_uncal.fits"), make(raw));
      const { message } = await refused(
        ["calwebb_detector1", "bad_uncal.fits", `--references=${good.references}`, "--output_dir=out"],
        { cwd: folder },
        1,
      );
      expect(message).toContain("bad_uncal.fits");
      for (const words of says) expect(message).toMatch(words);
    });

  test("a gzip file of 2 MB that grows to 2 GB", async () => {
    const member = gzipSync(Buffer.alloc(64 * 2 ** 20));
    writeFileSync(join(folder, "bad_uncal.fits.gz"), Buffer.concat([gzipSync(raw), ...Array(32).fill(member)]));
    const { message } = await refused(
      ["calwebb_detector1", "bad_uncal.fits.gz", `--references=${good.references}`, "--output_dir=out"],
      { cwd: folder },
      1,
    );
    expect(message).toMatch(/refused to decompress .*bad_uncal.fits.gz/);
  });

  test("calwebb info refuses it too", async () => {
    writeFileSync(join(folder, "bad_uncal.fits"), patch(raw, "SCI", { NAXIS1: "1000000000000" }));
    const { message } = await refused(["info", "bad_uncal.fits"], { cwd: folder }, 1, "calwebb");
    expect(message).toMatch(/bad_uncal.fits, HDU 1 \(SCI\): .*cut short/);
  });
});
