import { mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  type ByteSource,
  blobSource,
  type Fetch,
  httpSource,
  memorySource,
  reopen,
  type SourceHandle,
} from "../src/index.js";
import { fileSource } from "../src/node.js";

const folder = mkdtempSync(join(tmpdir(), "bytes-"));
afterAll(() => rmSync(folder, { recursive: true }));

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const path = join(folder, "data.bin");
writeFileSync(path, content);

/** A server that serves `content` by ranges; counts its requests. */
function server(status = 206): { fetcher: Fetch; ranges: string[] } {
  const ranges: string[] = [];
  const fetcher: Fetch = async (_url, { headers }) => {
    ranges.push(headers.Range);
    const [, a, b] = /bytes=(\d+)-(\d+)/.exec(headers.Range) as RegExpExecArray;
    const end = Math.min(content.length, Number(b) + 1);
    if (status === 200) return new Response(content, { status });
    if (status !== 206) return new Response("", { status, statusText: "Not Found" });
    const range = { "content-range": `bytes ${a}-${end - 1}/${content.length}` };
    return new Response(content.slice(Number(a), end), { status, headers: range });
  };
  return { fetcher, ranges };
}

const sources: [string, () => ByteSource | Promise<ByteSource>][] = [
  ["file", () => fileSource(path)],
  ["memory", () => memorySource(content)],
  [
    "shared memory",
    () => {
      const shared = new SharedArrayBuffer(content.length);
      new Uint8Array(shared).set(content);
      return memorySource(shared);
    },
  ],
  ["blob", () => blobSource(new Blob([content]))],
  ["http", () => httpSource("https://example.org/data.bin", server().fetcher)],
];

describe.each(sources)("%s source", (_name, make) => {
  it("reads any range", async () => {
    const source = await make();
    expect(source.size).toBe(content.length);
    for (const [offset, length] of [
      [0, 0],
      [0, 5],
      [70_000, 100],
      [199_990, 10],
      [10, 150_000],
      [200_000, 0],
    ]) {
      expect(await source.read(offset, length)).toEqual(content.subarray(offset, offset + length));
      if (source.readSync)
        expect(source.readSync(offset, length).slice()).toEqual(content.slice(offset, offset + length));
    }
    await source.close();
  });
  it("fills shared memory", async () => {
    const source = await make();
    const target = new Uint8Array(new SharedArrayBuffer(1000), 100, 500);
    await source.readInto?.(target, 1234);
    expect([...target]).toEqual([...content.subarray(1234, 1734)]);
    if (source.readIntoSync) {
      target.fill(0);
      source.readIntoSync(target, 1234);
      expect([...target]).toEqual([...content.subarray(1234, 1734)]);
    }
    await source.close();
  });
  it("refuses what lies outside", async () => {
    const source = await make();
    for (const [offset, length] of [
      [199_999, 2],
      [-1, 1],
      [0, -1],
      [0.5, 1],
      [0, Number.NaN],
      [2 ** 60, 1],
    ])
      await expect(source.read(offset, length)).rejects.toThrow(/cannot read .* bytes at .* it has 200000 bytes/);
    await source.close();
  });
});

describe("fileSource", () => {
  it("says what is wrong with the path", () => {
    expect(() => fileSource(join(folder, "none"))).toThrow(/cannot open .*none: there is no such file/);
    expect(() => fileSource(folder)).toThrow(/it is a folder; name a file/);
    expect(() => fileSource(join(path, "x"))).toThrow(/a part of the path is not a folder/);
  });
  it("refuses to read after close", async () => {
    const source = fileSource(path);
    await source.close();
    await source.close();
    expect(() => source.readSync?.(0, 1)).toThrow(/has been closed/);
  });
  it("notices a file that shrinks", async () => {
    const shrinking = join(folder, "shrinking");
    writeFileSync(shrinking, content);
    const source = fileSource(shrinking);
    truncateSync(shrinking, 100);
    expect(() => source.readSync?.(0, 1000)).toThrow(/became shorter/);
    await expect(source.read(0, 1000)).rejects.toThrow(/became shorter/);
    await source.close();
  });
});

describe("the handle of a file", () => {
  it("opens the file again, unless another one has taken its name", async () => {
    const path = join(mkdtempSync(join(tmpdir(), "handle-")), "data.bin");
    writeFileSync(path, content.subarray(0, 1000));
    const source = fileSource(path);
    const again = await reopen(JSON.parse(JSON.stringify(source.handle)) as SourceHandle);
    expect(await again.read(10, 20)).toEqual(content.subarray(10, 30));
    await again.close();
    writeFileSync(`${path}.new`, "other");
    renameSync(`${path}.new`, path);
    expect(source.handle).toBeUndefined();
    expect(await source.read(10, 20)).toEqual(content.subarray(10, 30));
    rmSync(path);
    expect(source.handle).toBeUndefined();
    await source.close();
  });
});

describe("httpSource", () => {
  it("asks for whole pages and only for what is needed", async () => {
    const { fetcher, ranges } = server();
    const source = await httpSource("https://example.org/data.bin", fetcher);
    for (let i = 0; i < 20; i++) await source.read(i * 2880, 2880);
    expect(ranges).toEqual(["bytes=0-65535"]);
    await source.read(100_000, 80_000);
    expect(ranges[1]).toBe("bytes=100000-179999");
  });
  it("asks for the length where Content-Range is hidden", async () => {
    const hidden: Fetch = async (_url, { method, headers }) => {
      if (method === "HEAD") return new Response(null, { headers: { "content-length": String(content.length) } });
      const [, a, b] = /bytes=(\d+)-(\d+)/.exec(headers.Range) as RegExpExecArray;
      return new Response(content.slice(Number(a), Number(b) + 1), { status: 206 });
    };
    const source = await httpSource("https://example.org/x", hidden);
    expect(source.size).toBe(content.length);
    expect(await source.read(150_000, 50_000)).toEqual(content.subarray(150_000));
    const neither: Fetch = async (url, init) =>
      init.method === "HEAD" ? new Response(null, { status: 403 }) : hidden(url, init);
    await expect(httpSource("https://example.org/x", neither)).rejects.toThrow(
      /neither Content-Range nor Content-Length/,
    );
  });
  it("refuses servers without ranges, and errors", async () => {
    await expect(httpSource("https://example.org/x", server(200).fetcher)).rejects.toThrow(
      /ignores range requests; download/,
    );
    await expect(httpSource("https://example.org/x", server(404).fetcher)).rejects.toThrow(/answered 404 Not Found/);
    const broken: Fetch = async () => {
      throw new TypeError("fetch failed");
    };
    await expect(httpSource("https://example.org/x", broken)).rejects.toThrow(/cannot reach https:\/\/example.org\/x/);
    const odd: Fetch = async () =>
      new Response(new Uint8Array(5), { status: 206, headers: { "content-range": "bytes 0-4/*" } });
    await expect(httpSource("https://example.org/x", odd)).rejects.toThrow(/Content-Range is "bytes 0-4\/\*"/);
  });
});
