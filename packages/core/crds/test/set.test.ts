import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadReferenceSet } from "../src/index.js";
import { readReferenceSet } from "../src/node.js";

describe("reference sets", () => {
  it("answer every look-up, with paths relative to the file", async () => {
    const set = loadReferenceSet(
      '{"gain": "refs/gain.fits", "DARK": "/abs/dark.fits", "area": "N/A", "flat": "https://x.org/f.fits"}',
      "/data/set.json",
    );
    expect(await set.find({}, ["gain", "dark", "area", "flat", "linearity"])).toEqual({
      gain: "/data/refs/gain.fits",
      dark: "/abs/dark.fits",
      area: "N/A",
      flat: "https://x.org/f.fits",
      linearity: "N/A",
    });
    expect(await set.context()).toBe("");
    const web = loadReferenceSet('{"gain": "gain.fits"}', "https://x.org/sets/a.json");
    expect(await web.prefetch({}, ["gain"])).toEqual({ gain: "https://x.org/sets/gain.fits" });
    const file = loadReferenceSet('{"gain": "my gain.fits"}', "file:///data/set.json");
    expect(await file.find({}, ["gain"])).toEqual({ gain: "/data/my gain.fits" });
  });

  it.each([
    ["{", /no JSON/],
    ["[]", /object of types and files/],
    ['{"gain": 3}', /"gain" has to be a file name/],
  ])("refuse %s", (text, message) => {
    expect(() => loadReferenceSet(text, "set.json")).toThrow(message);
  });

  it("are read from disk", async () => {
    const folder = mkdtempSync(join(tmpdir(), "set-"));
    try {
      writeFileSync(join(folder, "set.json"), '{"gain": "gain.fits"}');
      expect(await (await readReferenceSet(join(folder, "set.json"))).find({}, ["gain"])).toEqual({
        gain: join(folder, "gain.fits"),
      });
      await expect(readReferenceSet(join(folder, "none.json"))).rejects.toThrow(/cannot read the reference set/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
