import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { memorySink } from "../src/index.js";
import { atomicFileSink, installCleanup, removeTemporaryFiles } from "../src/node.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "sink-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const text = (s: string) => Uint8Array.from(s, (c) => c.charCodeAt(0));

describe("memorySink", () => {
  it("takes pieces in any order", async () => {
    const sink = memorySink();
    await sink.write(text("world"), 6);
    sink.writeSync?.(text("hello "), 0);
    await sink.write(new Uint8Array(100_000).fill(1), 11);
    expect(Buffer.from(sink.bytes().subarray(0, 11)).toString()).toBe("hello world");
    expect(sink.bytes().length).toBe(100_011);
    await expect(sink.write(text("x"), -1)).rejects.toThrow(/position -1/);
    await sink.abort();
    expect(sink.bytes().length).toBe(0);
  });
});

describe("atomicFileSink", () => {
  it("shows the file only when it is whole", async () => {
    const path = join(folder, "out.fits");
    const sink = atomicFileSink(path);
    await sink.write(text("world"), 6);
    sink.writeSync?.(text("hello "), 0);
    expect(existsSync(path)).toBe(false);
    expect(readdirSync(folder).length).toBe(1);
    await sink.commit();
    expect(readdirSync(folder)).toEqual(["out.fits"]);
    expect(readFileSync(path, "latin1")).toBe("hello world");
    await sink.abort();
    expect(existsSync(path)).toBe(true);
    await expect(sink.write(text("x"), 0)).rejects.toThrow(/already finished/);
  });
  it("removes what killed processes left in the folder, and nothing else", async () => {
    const sink = atomicFileSink(join(folder, "out.fits"));
    const [mine] = readdirSync(folder);
    await sink.abort();
    const dead = spawnSync(process.execPath, ["--version"]).pid;
    const other = mkdtempSync(join(folder, "other-"));
    const kept = [
      mine,
      mine.replace(`-${process.pid}-`, `-${process.ppid}-`),
      mine.replace(/\.[0-9a-f]{8}-\d+-/, `.00000000-${dead}-`),
      ".notes.part",
    ];
    for (const name of [...kept, mine.replace(`-${process.pid}-`, `-${dead}-`)]) writeFileSync(join(other, name), "");
    const next = atomicFileSink(join(other, "next.fits"));
    await next.commit();
    expect(readdirSync(other).sort()).toEqual([...kept, "next.fits"].sort());
  });
  it("leaves an earlier file as it was when aborted", async () => {
    const path = join(folder, "out.fits");
    writeFileSync(path, "old");
    const sink = atomicFileSink(path);
    await sink.write(text("new"), 0);
    await sink.abort();
    await sink.abort();
    expect(readdirSync(folder)).toEqual(["out.fits"]);
    expect(readFileSync(path, "latin1")).toBe("old");
  });
  it("keeps the permissions of the file it replaces, and symbolic links", async () => {
    const path = join(folder, "real.fits");
    writeFileSync(path, "old");
    chmodSync(path, 0o640);
    const link = join(folder, "link.fits");
    symlinkSync(path, link);
    const sink = atomicFileSink(link);
    await sink.write(text("new"), 0);
    await sink.commit();
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, "latin1")).toBe("new");
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });
  it("says what is wrong with the path", () => {
    mkdirSync(join(folder, "sub"));
    expect(() => atomicFileSink(join(folder, "sub"))).toThrow(/cannot write .*sub: it is a folder; name a file/);
    expect(() => atomicFileSink(join(folder, "none/out.fits"))).toThrow(
      /cannot write .*none\/out.fits: there is no such file or folder/,
    );
  });
});

describe("cleaning up", () => {
  it("removes the temporary files of unfinished sinks", async () => {
    const sink = atomicFileSink(join(folder, "a.fits"));
    await sink.write(text("x"), 0);
    expect(readdirSync(folder).length).toBe(1);
    removeTemporaryFiles();
    expect(readdirSync(folder)).toEqual([]);
    await sink.abort();
  });
  it("installs and removes its handlers", () => {
    const before = process.listenerCount("SIGTERM");
    const remove = installCleanup();
    expect(process.listenerCount("SIGTERM")).toBe(before + 1);
    remove();
    expect(process.listenerCount("SIGTERM")).toBe(before);
  });
});
