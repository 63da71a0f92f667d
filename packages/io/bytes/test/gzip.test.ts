import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { isCalwebbError } from "@calwebb/errors";
import { afterAll, describe, expect, it } from "vitest";
import { gunzipStream } from "../src/gzip.js";
import { blobSource, gunzip, gunzipSync, inflated, inflatedSync, memorySource } from "../src/index.js";
import { gunzipPortable } from "../src/inflate.js";
import { fileSource } from "../src/node.js";

const folder = mkdtempSync(join(tmpdir(), "gzip-"));
afterAll(() => rmSync(folder, { recursive: true }));

let seed = 12345;
const random = () => (seed = (Math.imul(seed, 1103515245) + 12345) >>> 0) / 2 ** 32;
const contents: [string, Uint8Array][] = [
  ["nothing", new Uint8Array(0)],
  ["one byte", Uint8Array.of(7)],
  ["text", Uint8Array.from("the quick brown fox ".repeat(500), (c) => c.charCodeAt(0))],
  ["noise", Uint8Array.from({ length: 100_000 }, () => random() * 256)],
  ["skewed noise", Uint8Array.from({ length: 300_000 }, () => 256 * random() ** 6)],
  ["zeros", new Uint8Array(1 << 20)],
];
const LIMIT = 1 << 22;

const decoders: [string, (bytes: Uint8Array, limit?: number) => Uint8Array | Promise<Uint8Array>][] = [
  ["native", (b, maxBytes = LIMIT) => gunzipSync(b, "x.gz", { maxBytes })],
  ["portable", (b, maxBytes = LIMIT) => gunzipPortable(b, maxBytes, "x.gz")],
  ["stream", (b, maxBytes = LIMIT) => gunzipStream(b, maxBytes, "x.gz")],
];

describe.each(decoders)("%s gunzip", (name, decode) => {
  it.each(contents)("restores %s", async (_name, content) => {
    for (const level of [0, 1, 6, 9])
      expect(Buffer.compare(await decode(gzipSync(content, { level })), content), `level ${level}`).toBe(0);
    expect(Buffer.compare(await decode(gzipSync(content, { strategy: 4 })), content)).toBe(0);
  });
  it("refuses what grows beyond the limit", async () => {
    const bomb = gzipSync(new Uint8Array(1 << 24));
    await expect(async () => decode(bomb, 1 << 20)).rejects.toThrow(
      /refused to decompress x.gz: it grows beyond 1048576 bytes; .* raise maxBytes/,
    );
    expect((await decode(gzipSync(new Uint8Array(1000)), 1000)).length).toBe(1000);
  });
  it("refuses damaged and cut data", async () => {
    const whole = gzipSync(contents[4][1]);
    for (const cut of [5, 18, 1000, whole.length - 1])
      await expect(async () => decode(whole.subarray(0, cut)), `cut ${cut}`).rejects.toThrow(/cannot decompress x.gz/);
    for (const at of [0, 20, 5000, whole.length - 6]) {
      const bad = Uint8Array.from(whole);
      bad[at] ^= 0x55;
      await expect(async () => decode(bad), `byte ${at}`).rejects.toThrow(/cannot decompress x.gz|refused/);
    }
  });
  it.skipIf(name === "stream")("joins several members", async () => {
    const two = Buffer.concat([gzipSync("one "), gzipSync("two")]);
    expect(Buffer.from(await decode(two)).toString()).toBe("one two");
  });
});

describe("damage anywhere", () => {
  it("is noticed by the portable decoder, which never runs away", () => {
    const content = contents[2][1];
    const whole = gzipSync(content);
    for (let k = 0; k < 2000; k++) {
      const bad = Uint8Array.from(whole);
      for (let n = 0; n <= k % 3; n++) bad[Math.floor(random() * bad.length)] ^= 1 << Math.floor(random() * 8);
      try {
        // Flags, time and system in the header may change without harm.
        expect(Buffer.compare(gunzipPortable(bad, LIMIT, "x.gz"), content)).toBe(0);
      } catch (error) {
        expect(isCalwebbError(error, "IoError"), String(error)).toBe(true);
      }
    }
  });
});

describe("sources of gzip files", () => {
  const plain = contents[2][1];
  const zipped = gzipSync(plain);
  it("are told by their content", async () => {
    for (const source of [
      await inflated(memorySource(zipped)),
      await inflated(blobSource(new Blob([zipped]))),
      inflatedSync(memorySource(zipped)),
    ])
      expect(Buffer.compare(await source.read(0, source.size), plain)).toBe(0);
    const same = memorySource(plain);
    expect(await inflated(same)).toBe(same);
    expect(inflatedSync(same)).toBe(same);
    expect(() => inflatedSync(blobSource(new Blob([zipped])))).toThrow(/use the asynchronous functions/);
    expect(Buffer.compare(await gunzip(zipped), plain)).toBe(0);
  });
  it("are decompressed by fileSource unless told not to", async () => {
    const path = join(folder, "data.txt");
    writeFileSync(path, zipped);
    expect(fileSource(path).size).toBe(plain.length);
    const raw = fileSource(path, { gunzip: false });
    expect(raw.size).toBe(zipped.length);
    await raw.close();
    expect(() => fileSource(path, { maxBytes: 100 })).toThrow(
      /refused to decompress .*data.txt: it grows beyond 100 bytes/,
    );
  });
});
