import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ByteSink } from "@calwebb/bytes";
import { fileSource } from "@calwebb/bytes/node";
import { afterAll, describe, expect, it } from "vitest";
import { castInto, decodeInto, storage } from "../src/convert.js";
import { Header, type ImageHdu, openFits, openFitsSync, writeFits } from "../src/index.js";
import { bytesOf, flipSign, swapBytes, swapPortable } from "../src/swap.js";

const folder = mkdtempSync(join(tmpdir(), "large-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a file of more than 4 GiB", () => {
  it("is read by position", async () => {
    const path = join(folder, "large.fits");
    const [nx, ny, nz] = [8192, 8192, 40];
    const plane = nx * ny * 2;
    const header = new Header();
    const axes: [string, number | boolean][] = [
      ["SIMPLE", true],
      ["BITPIX", 16],
      ["NAXIS", 3],
      ["NAXIS1", nx],
      ["NAXIS2", ny],
      ["NAXIS3", nz],
    ];
    for (const [key, value] of axes) header.set(key, value);
    header.set("BSCALE", 1).set("BZERO", 32768);
    const tail = new Header()
      .set("XTENSION", "IMAGE")
      .set("BITPIX", 8)
      .set("NAXIS", 0)
      .set("PCOUNT", 0)
      .set("GCOUNT", 1);
    tail.set("EXTNAME", "LAST");
    const end = Math.ceil((2880 + plane * nz) / 2880) * 2880;
    const fd = openSync(path, "w");
    writeSync(fd, header.toBytes(), 0, 2880, 0);
    writeSync(fd, Uint8Array.of(0x12, 0x34), 0, 2, 2880 + plane * (nz - 1) + 2);
    writeSync(fd, tail.toBytes(), 0, 2880, end);
    ftruncateSync(fd, end + 2880);
    closeSync(fd);

    const file = openFitsSync(fileSource(path));
    expect(file.source.size).toBeGreaterThan(2 ** 32);
    expect(file.hdus.map((h) => h.name)).toEqual(["PRIMARY", "LAST"]);
    const image = file.hdus[0] as ImageHdu;
    expect(image.shape).toEqual([40, 8192, 8192]);
    const some = new Float32Array(4);
    const first = (nz - 1) * nx * ny;
    image.readIntoSync(some, first);
    expect([...some]).toEqual([32768, 0x1234 + 32768, 32768, 32768]);
    some.fill(0);
    await ((await openFits(fileSource(path))).hdus[0] as ImageHdu).readInto(some, first);
    expect(some[1]).toBe(0x1234 + 32768);
    await file.close();
  });
});

describe("an image streamed while it is written", () => {
  it("is never in memory as a whole", async () => {
    const planes = 64;
    const plane = new Float32Array(1 << 20);
    let written = 0;
    let largest = 0;
    let committed = false;
    const sink: ByteSink = {
      name: "nowhere",
      write: async (bytes, position) => {
        largest = Math.max(largest, bytes.length);
        written = Math.max(written, position + bytes.length);
      },
      commit: async () => {
        committed = true;
      },
      abort: async () => {},
    };
    function* blocks() {
      for (let k = 0; k < planes; k++) yield plane.fill(k);
    }
    const before = process.memoryUsage().arrayBuffers;
    await writeFits(
      [{ kind: "image", data: { dtype: "float32", shape: [planes, 1024, 1024], blocks: blocks() } }],
      sink,
    );
    expect(written).toBe(Math.ceil((2880 + planes * 2 ** 22) / 2880) * 2880);
    expect(committed).toBe(true);
    expect(largest).toBeLessThanOrEqual(2 ** 23);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(planes * 2 ** 22 * 0.1);
  });
});

describe("byte order", () => {
  const bytes = Uint8Array.from({ length: 8 * 37 + 3 }, (_, i) => (i * 97) & 255);
  it.each([2, 4, 8])("of %i-byte elements is swapped alike by the platform and by loops, at any alignment", (size) => {
    for (const offset of [0, 1, 2, 3])
      for (const count of [0, 1, 2, 7, 36]) {
        const native = bytes.slice().subarray(offset, offset + count * size);
        const portable = bytes.slice().subarray(offset, offset + count * size);
        const wanted: number[] = [];
        for (let i = 0; i < count; i++)
          wanted.push(...[...bytes.subarray(offset + i * size, offset + (i + 1) * size)].reverse());
        swapBytes(native, size);
        swapPortable(portable, size);
        expect([...native]).toEqual(wanted);
        expect([...portable]).toEqual(wanted);
      }
  });
  it("of unsigned integers: half the range is added at any alignment", () => {
    for (const size of [1, 2, 4, 8])
      for (const offset of [0, 2]) {
        const part = bytes.slice().subarray(offset, offset + size * 9);
        flipSign(part, size);
        const wanted = [...bytes.subarray(offset, offset + size * 9)].map((b, i) =>
          i % size === size - 1 ? b ^ 0x80 : b,
        );
        expect([...part]).toEqual(wanted);
      }
  });
});

describe("conversion", () => {
  it("of stored bytes gives the same for every target type", () => {
    const values = Uint16Array.of(0, 1, 255, 256, 32767, 32768, 65535);
    const stored = () => {
      const b = bytesOf(values).slice();
      flipSign(b, 2);
      swapBytes(b, 2);
      return b;
    };
    const s = storage("int16", 1, 32768, undefined, "float32");
    expect(s.dtype).toBe("uint16");
    for (const target of [
      new Float32Array(7),
      new Float64Array(7),
      new Int32Array(7),
      new Uint16Array(7),
      new BigInt64Array(7),
    ]) {
      decodeInto(stored(), s, target, 0);
      expect(Array.from(target, Number)).toEqual([...values]);
    }
  });
  it("between integers of 64 bits and floats", () => {
    const big = new BigInt64Array(3);
    castInto(Float64Array.of(1.9, -2.9, Number.NaN), big, 0);
    expect([...big]).toEqual([1n, -2n, 0n]);
    const back = new Float32Array(3);
    castInto(big, back, 0);
    expect([...back]).toEqual([1, -2, 0]);
  });
});
