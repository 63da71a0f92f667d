import { describe, expect, test, vi } from "vitest";
import { ellipseRuns, labelRuns, maskRuns, momentEllipse, Runs, square } from "../src/index.js";
import { shapeKernel } from "../src/simd.js";

/** Numbers in [0, 1) that are the same in every run. */
function source(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 4) / 2 ** 28;
  };
}

describe("the WASM kernel gives what the plain one gives", () => {
  test("squares", () => {
    const random = source(2);
    const kernel = shapeKernel();
    if (kernel === undefined) throw new Error("no WASM");
    for (let k = 0; k < 8000; k++) {
      const x = (random() - 0.1) * 10 ** (14 * random() - 10);
      expect(kernel.exports.square(x)).toBe(square(x));
    }
    for (const x of [1, 2, 0.5, 3, 1 - 2 ** -53, 2 - 2 ** -52, 2 ** -20, 1e9])
      expect(kernel.exports.square(x)).toBe(square(x));
  });

  test("ellipses of regions, large and small", () => {
    const random = source(3);
    let regions = 0;
    for (const [ny, nx, density] of [
      [30, 40, 0.3],
      [60, 50, 0.45],
      [5, 700, 0.6],
      [300, 300, 0.9],
      [4, 4, 0.2],
    ]) {
      const mask = Uint8Array.from({ length: ny * nx }, () => (random() < density ? 1 : 0));
      const runs = maskRuns(mask, 0, ny, nx, new Runs());
      const labels = labelRuns(runs);
      for (let r = 0; r < labels.count; r++, regions++)
        expect(momentEllipse(runs, labels, r)).toEqual(momentEllipse(runs, labels, r, false));
    }
    expect(regions).toBeGreaterThan(100);
  });

  test("pixels of ellipses, with axes of any sign", () => {
    const random = source(4);
    const list = (runs: Runs): number[][] =>
      Array.from({ length: runs.count }, (_, i) => [runs.row[i], runs.from[i], runs.to[i]]);
    let rows = 0;
    for (let k = 0; k < 1000; k++) {
      const ny = 5 + Math.floor(60 * random());
      const nx = 5 + Math.floor(60 * random());
      const size = k % 3 === 0 ? 200 : 30;
      const axes = [size * random() - 4, size * random() - 4];
      const angle = k % 2 === 0 ? 15 * Math.floor(12 * random()) - 90 : 180 * random() - 90;
      const at = [80 * random() - 10, 80 * random() - 10];
      const fast = new Runs();
      const plain = new Runs();
      ellipseRuns(at[0], at[1], axes[0], axes[1], angle, ny, nx, fast);
      ellipseRuns(at[0], at[1], axes[0], axes[1], angle, ny, nx, plain, false);
      expect(list(fast)).toEqual(list(plain));
      rows += plain.count;
    }
    expect(rows).toBeGreaterThan(1000);
  });
});

test("where there is no WASM the plain kernel takes over", async () => {
  vi.stubGlobal("WebAssembly", undefined);
  vi.resetModules();
  try {
    const fresh = await import("../src/simd.js");
    expect(fresh.shapeKernel()).toBeUndefined();
    const { ellipseRuns: plain, Runs: List } = await import("../src/index.js");
    const runs = new List();
    plain(2, 2, 4, 4, 0, 5, 5, runs);
    expect(runs.count).toBe(3);
  } finally {
    vi.unstubAllGlobals();
  }
});
