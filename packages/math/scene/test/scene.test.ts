import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { type BackgroundMethod, backgroundLevel, clipMask, clippedStatistics, fitGaussian } from "../src/index.js";
import { buildTree, nearestPoints } from "../src/nearest.js";
import { plainRowWriter, rowWriter } from "../src/zoom-row.js";

interface Truth {
  ny: number;
  nx: number;
  image: number[];
  mask: string;
  levels: { method: BackgroundMethod; box: [number, number] | null; background: number[]; mask: string }[];
  clips: { options: Record<string, number | boolean>; mask: string }[];
}

const truth = JSON.parse(
  gunzipSync(readFileSync(new URL("./fixtures/scene.json.gz", import.meta.url))).toString(),
) as Truth;
const image = Float32Array.from(truth.image);
const bits = (text: string): Uint8Array => Uint8Array.from(text, (c) => Number(c));
const different = (a: Uint8Array, b: string): number => a.reduce((n, v, i) => n + (v === Number(b[i]) ? 0 : 1), 0);

describe("agrees with photutils and jwst", () => {
  for (const { method, box, background, mask } of truth.levels)
    test(`${method} ${box}`, () => {
      const m = bits(truth.mask);
      const got = backgroundLevel(image, m, truth.ny, truth.nx, method, box);
      const values = typeof got === "number" ? [got] : [...got];
      expect(different(m, mask)).toBe(0);
      expect(values.length).toBe(background.length);
      for (let i = 0; i < values.length; i++) expect(Math.abs(values[i] - background[i])).toBeLessThan(2e-6);
    });
  for (const { options, mask } of truth.clips)
    test(`clip ${JSON.stringify(options)}`, () => {
      const m = bits(truth.mask);
      clipMask(image, m, {
        lower: options.sigma_lower as number | undefined,
        upper: options.sigma_upper as number | undefined,
        fitHistogram: options.fit_histogram === true,
        lowerHalf: options.lower_half_only === true,
      });
      // A fitted width is known to a few parts in 10^6: a value on the limit may fall either way.
      expect(different(m, mask)).toBeLessThanOrEqual(options.fit_histogram ? 1 : 0);
    });
});

describe("clipping", () => {
  test("clipping leaves outliers out", () => {
    const values = Float64Array.from({ length: 41 }, (_, i) => (i === 40 ? 500 : i % 2)).sort();
    expect(clippedStatistics(values, 3)).toEqual({ mean: 0.5, median: 0.5, std: 0.5 });
    expect(clippedStatistics([], 3).mean).toBeNaN();
  });
});

describe("nearest points", () => {
  test("equally far points are taken in the order of scipy's tree", () => {
    // 17 points and the answer of scipy 1.17, cKDTree(points, leafsize=10).
    const points = [
      [0, 0],
      [0, 4],
      [1, 3],
      [2, 1],
      [2, 3],
      [2, 4],
      [3, 3],
      [3, 4],
      [4, 2],
      [4, 3],
      [5, 1],
      [6, 0],
      [7, 0],
      [7, 2],
      [7, 4],
      [8, 0],
      [8, 4],
    ];
    const tree = buildTree(
      points.map((p) => p[0]),
      points.map((p) => p[1]),
    );
    expect([...tree.order]).toEqual([1, 0, 3, 2, 5, 6, 4, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
    const near = nearestPoints(tree, 6, 2, 10);
    expect(near.map((n) => n.d2)).toEqual([...near.map((n) => n.d2)].sort((a, b) => a - b));
    expect(near[0]).toEqual({ index: 13, d2: 1 });
    expect(nearestPoints(tree, 0, 0, 40)).toHaveLength(17);
  });
});

describe("fitGaussian", () => {
  test("finds the width of a sampled Gaussian", () => {
    // 2000 values per bin of 0.004 at the peak, without noise.
    const values: number[] = [];
    for (let i = 0; i < 2000; i++) {
      const v = -4 + (i + 0.5) * 0.004;
      const n = Math.round(2000 * Math.exp(-0.5 * ((v - 0.3) / 0.8) ** 2));
      for (let k = 0; k < n; k++) values.push(v);
    }
    const fit = fitGaussian(values, 0, 1);
    expect(fit?.mean).toBeCloseTo(0.3, 4);
    expect(fit?.sigma).toBeCloseTo(0.8, 3);
  });

  test("gives up without a width", () => {
    expect(fitGaussian([1, 1, 1], 1, 0)).toBeUndefined();
  });
});

test("rows of an enlarged mesh: WASM and plain kernel give the same", () => {
  const nx = 41;
  const row = Float64Array.of(0.3, -2, 7, 1, 1.5);
  const weights = Float64Array.from({ length: 4 * nx }, (_, i) => Math.sin(i * 1.7));
  const columns = Int32Array.from({ length: 4 * nx }, (_, i) => ((i >> 2 < 5 ? 0 : i >> 2 < 12 ? 1 : 3) + (i & 3)) % 5);
  const [found, wanted] = [new Float32Array(nx + 3), new Float32Array(nx + 3)];
  for (const [least, most] of [
    [-9, 9],
    [-0.5, 2],
  ]) {
    rowWriter(nx, weights, columns, least, most)(row, found, 2);
    plainRowWriter(nx, weights, columns, least, most)(row, wanted, 2);
    expect(found).toEqual(wanted);
  }
});
