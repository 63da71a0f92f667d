import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NdArray } from "@calwebb/array";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { afterAll, describe, expect, it } from "vitest";
import { ImageHdu, openFits, writeFits } from "../src/index.js";
import { fixture, plain } from "./support.js";

// cfitsio's own tools read what is written here, and what they write is read here.

const installed = spawnSync("fpack", ["-V"]).error === undefined && spawnSync("funpack", ["-V"]).error === undefined;
if (!installed) console.warn("cfitsio.test.ts: skipped, fpack and funpack are not installed (Debian: libcfitsio-bin)");

const folder = mkdtempSync(join(tmpdir(), "cfitsio-"));
afterAll(() => rmSync(folder, { recursive: true }));

const images = {
  u2: new NdArray(
    Uint16Array.from({ length: 60 * 50 }, (_, i) => 30000 + ((i * 7919) % 9000)),
    [60, 50],
  ),
  i2: new NdArray(
    Int16Array.from({ length: 3 * 20 * 30 }, (_, i) => ((i * 31) % 1000) - 500),
    [3, 20, 30],
  ),
  i4: new NdArray(
    Int32Array.from({ length: 2000 }, (_, i) => (i * 65537) % 1000003),
    [40, 50],
  ),
  mask: new NdArray(
    Int32Array.from({ length: 2000 }, (_, i) => (i % 50 < 20 ? i >> 8 : 0)),
    [40, 50],
  ),
  f4: new NdArray(
    Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i) * 100),
    [40, 50],
  ),
};

describe.skipIf(!installed)("cfitsio", () => {
  it.each([
    ["u2", "-r"],
    ["u2", "-g"],
    ["u2", "-g2"],
    ["i2", "-r"],
    ["i2", "-g"],
    ["i4", "-r"],
    ["i4", "-g2"],
    ["mask", "-p"],
    ["f4", "-g -q 0"],
    ["f4", "-g2 -q 0"],
  ] as const)("packs %s (fpack %s) so that it is read back exactly", async (name, flags) => {
    const stem = `${name}${flags.replaceAll(" ", "")}`;
    const from = join(folder, `${stem}.fits`);
    const packed = join(folder, `${stem}.fz`);
    await writeFits([{ kind: "image", data: images[name] }], atomicFileSink(from));
    execFileSync("fpack", [...flags.split(" "), "-O", packed, from]);
    const file = await openFits(fileSource(packed));
    const hdu = file.hdus[1] as ImageHdu;
    const back = await hdu.read();
    expect(back.shape).toEqual(images[name].shape);
    expect(back.dtype).toBe(images[name].dtype);
    expect(Buffer.compare(Buffer.from(back.data.buffer), Buffer.from(images[name].data.buffer))).toBe(0);
    await file.close();
  });
  it.each(["fpack_rq_f4.fits", "fpack_r_u2.fits", "fpack_p_i4.fits"])("unpacks %s to the same values", async (name) => {
    const out = join(folder, `unpacked_${name}`);
    execFileSync("funpack", ["-O", out, fixture(name)]);
    const [packed, unpacked] = [await openFits(fileSource(fixture(name))), await openFits(fileSource(out))];
    const image = unpacked.hdus.find((h) => h instanceof ImageHdu && h.size > 0) as ImageHdu;
    expect(plain((await (packed.hdus[1] as ImageHdu).read()).data)).toEqual(plain((await image.read()).data));
  });
});
