import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, it, vi } from "vitest";
import { atomicFileSink } from "../src/node.js";

const failing = vi.hoisted(() => ({ call: "" }));

vi.mock("node:fs", async (original) => {
  const fs = await original<typeof import("node:fs")>();
  const full = () => Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
  const wrap =
    (name: "writeSync" | "closeSync") =>
    (...args: unknown[]) => {
      if (failing.call === name) throw full();
      return (fs[name] as (...a: unknown[]) => unknown)(...args);
    };
  const later =
    (name: "write" | "rename") =>
    (...args: unknown[]) => {
      if (failing.call === name) (args.at(-1) as (e: Error) => void)(full());
      else (fs[name] as (...a: unknown[]) => unknown)(...args);
    };
  return {
    ...fs,
    writeSync: wrap("writeSync"),
    closeSync: wrap("closeSync"),
    write: later("write"),
    rename: later("rename"),
  };
});

const folder = mkdtempSync(join(tmpdir(), "full-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  failing.call = "";
});

describe("a full disk", () => {
  it.each([
    "write",
    "writeSync",
    "closeSync",
    "rename",
  ])("at %s: names the file and leaves nothing behind", async (call) => {
    const sink = atomicFileSink(join(folder, "out.fits"));
    failing.call = call;
    const all = async () => {
      if (call === "writeSync") sink.writeSync?.(new Uint8Array(10), 0);
      else await sink.write(new Uint8Array(10), 0);
      await sink.commit();
    };
    await expect(all()).rejects.toThrow(/cannot write .*out\.fits: the disk is full; free some space/);
    expect(readdirSync(folder)).toEqual([]);
    await sink.abort();
  });
});
