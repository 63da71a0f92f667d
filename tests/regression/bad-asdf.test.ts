import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atomicFileSink } from "@calwebb/bytes/node";
import { createModel, encodeModel } from "@calwebb/datamodels";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "./support/check.js";
import { type Exposure, exposure, temporaryFolder } from "./support/exposures.js";
import { headerAt, patch } from "./support/fits-bytes.js";

// Hostile ASDF: as a parameter file, as a reference, as a file to look at, and inside FITS.
const { path: folder, remove } = temporaryFolder();
afterAll(remove);
let good: Exposure;
beforeAll(async () => {
  good = await exposure(folder, "nircam", { size: 16, nints: 1, ngroups: 4 });
});

const asdf = (tree: string): string =>
  `#ASDF 1.0.0\n#ASDF_STANDARD 1.6.0\n%YAML 1.1\n%TAG ! tag:stsci.edu:asdf/\n--- !core/asdf-1.1.0\n${tree}\n...\n`;

/** Nine levels of ten references each: a thousand million strings when they are followed. */
const laughs = ["a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]"]
  .concat(Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(", ")}]`))
  .join("\n");

/** A block header of the size that it claims, without the data. */
function block(allocated: bigint, used: bigint, data: bigint): Buffer {
  const out = Buffer.alloc(54);
  out.set([0xd3, 0x42, 0x4c, 0x4b, 0, 48]);
  out.writeBigUInt64BE(allocated, 14);
  out.writeBigUInt64BE(used, 22);
  out.writeBigUInt64BE(data, 30);
  return out;
}
const array = asdf(
  "data: !core/ndarray-1.1.0 {source: 0, datatype: float64, byteorder: little, shape: [1000000000, 1000]}",
);

const FILES: Record<string, string | Buffer> = {
  "a YAML bomb": asdf(laughs),
  "nesting 100 000 deep": asdf(`a: ${"[".repeat(100_000)}${"]".repeat(100_000)}`),
  "a mapping that holds itself": asdf("a: &a {b: *a}"),
  "an alias that is not there": asdf("a: *nothing"),
  "no end of the tree": asdf("a: 1").replace("...\n", ""),
  "a bracket that is not closed": asdf("a: [1, 2"),
  "a tag of code": asdf('a: !!python/object/apply:os.system ["true"]'),
  "a block of 2^62 bytes": Buffer.concat([Buffer.from(array), block(2n ** 62n, 2n ** 62n, 2n ** 62n)]),
  "a block of 8 TB with no data": Buffer.concat([
    Buffer.from(array),
    block(8n * 10n ** 12n, 8n * 10n ** 12n, 8n * 10n ** 12n),
  ]),
  "a block that is cut": Buffer.concat([Buffer.from(array), block(100n, 100n, 100n), Buffer.alloc(50)]),
  "a header and nothing else": "#ASDF 1.0.0\n",
};

describe("as a parameter file", () => {
  for (const [name, bytes] of Object.entries(FILES))
    test(name, async () => {
      writeFileSync(join(folder, "bad.asdf"), bytes);
      const { message } = await refused(["bad.asdf", good.raw, `--references=${good.references}`], { cwd: folder }, 1);
      expect(message).toContain("bad.asdf");
    });
});

describe("as a reference", () => {
  for (const [name, bytes] of Object.entries(FILES))
    test(name, async () => {
      writeFileSync(join(folder, "bad.asdf"), bytes);
      const { message } = await refused(
        ["jump", good.raw, `--references=${good.references}`, "--override_gain=bad.asdf"],
        { cwd: folder },
        1,
      );
      expect(message).toMatch(/bad.asdf as the gain reference: \S|the reference bad.asdf has no image/);
    });
});

describe("inside FITS", () => {
  for (const [name, bytes] of Object.entries(FILES))
    test(name, async () => {
      await encodeModel(
        createModel("RampModel", { shape: [1, 2, 4, 4] }),
        atomicFileSink(join(folder, "x_uncal.fits")),
      );
      const plain = readFileSync(join(folder, "x_uncal.fits"));
      const { start, end } = headerAt(plain, "ASDF");
      const data = Buffer.from(bytes);
      const head = patch(plain, "ASDF", { NAXIS1: String(data.length), TFORM1: `'${data.length}B'` });
      const body = start + Math.ceil((end + 80 - start) / 2880) * 2880;
      const padding = Buffer.alloc((2880 - (data.length % 2880)) % 2880);
      writeFileSync(join(folder, "x_uncal.fits"), Buffer.concat([head.subarray(0, body), data, padding]));
      const { message } = await refused(
        ["calwebb_detector1", "x_uncal.fits", `--references=${good.references}`],
        { cwd: folder },
        1,
      );
      expect(message).toContain("x_uncal.fits");
      expect(message).not.toContain("call stack");
    });
});
