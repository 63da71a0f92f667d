import { describe, expect, test } from "vitest";
import { hull } from "../src/align.js";
import { parsePixelCatalog, parseSkyCatalog, refuseNetwork } from "../src/catalogs.js";
import {
  apply,
  fitClipped,
  fitLinear,
  histogramOffset,
  histogramPeak,
  matchPoints,
  type Points,
} from "../src/kernel.js";

const points = (list: readonly (readonly [number, number])[]): Points => ({
  x: Float64Array.from(list, (p) => p[0]),
  y: Float64Array.from(list, (p) => p[1]),
});
const SQUARE = points([
  [0, 0],
  [10, 1],
  [9, 12],
  [-3, 8],
  [4, 5],
]);

function moved(p: Points, m: readonly [number, number, number, number], shift: readonly [number, number]): Points {
  return points(Array.from(p.x, (x, i) => apply({ matrix: m, shift }, x, p.y[i])));
}

describe("fits recover the map they were made with", () => {
  const [c, s] = [Math.cos(0.1), Math.sin(0.1)];
  test.each([
    ["shift", [1, 0, 0, 1]],
    ["rshift", [c, -s, s, c]],
    ["rscale", [1.1 * c, -1.1 * s, 1.1 * s, 1.1 * c]],
    ["general", [1.1, 0.2, -0.1, 0.9]],
  ] as const)("%s", (geometry, matrix) => {
    const fit = fitLinear(moved(SQUARE, matrix, [2, -3]), SQUARE, geometry);
    for (const [i, v] of matrix.entries()) expect(fit?.matrix[i]).toBeCloseTo(v, 12);
    expect(fit?.shift[0]).toBeCloseTo(2, 12);
    expect(fit?.shift[1]).toBeCloseTo(-3, 12);
  });

  test("a mirrored one", () => {
    const fit = fitLinear(moved(SQUARE, [c, s, s, -c], [1, 1]), SQUARE, "rshift");
    expect(fit?.matrix[3]).toBeCloseTo(-c, 12);
  });

  test("an outlier is clipped", () => {
    const to = moved(SQUARE, [1, 0, 0, 1], [1, 2]);
    const many = points(Array.from({ length: 30 }, (_, i) => [i, (i * 7) % 11]));
    const shifted = moved(many, [1, 0, 0, 1], [1, 2]);
    shifted.x[4] += 5;
    expect(fitClipped(shifted, many, "shift", 3, 3)?.shift[0]).toBeCloseTo(1, 12);
    expect(fitClipped(shifted, many, "shift", 0, 3)?.shift[0]).toBeCloseTo(1 + 5 / 30, 12);
    expect(fitClipped(points([]), points([]), "shift", 3, 3)).toBeUndefined();
    expect(
      fitLinear(
        points([
          [0, 0],
          [1, 1],
          [2, 2],
        ]),
        points([
          [0, 0],
          [1, 1],
          [2, 2],
        ]),
        "general",
      ),
    ).toBeUndefined();
    expect(to.x[0]).toBe(1);
  });
});

describe("matching", () => {
  const options = { searchRadius: 3, separation: 0.5, tolerance: 0.3, histogram: true, xoffset: 0, yoffset: 0 };

  test("finds the offset and the pairs", () => {
    const image = moved(SQUARE, [1, 0, 0, 1], [1.2, -0.8]);
    const [ox, oy] = histogramOffset(image, SQUARE, 3, 0.1);
    expect(Math.hypot(ox - 1.2, oy + 0.8)).toBeLessThan(0.15);
    const found = matchPoints(image, SQUARE, 0.1, options);
    expect(found.image).toHaveLength(5);
    expect(found.image).toEqual(found.reference);
  });

  test("a guess in place of the histogram; too far gives nothing", () => {
    const image = moved(SQUARE, [1, 0, 0, 1], [1.2, -0.8]);
    const guess = { ...options, histogram: false, xoffset: 1.2, yoffset: -0.8 };
    expect(matchPoints(image, SQUARE, 0.1, guess).image).toHaveLength(5);
    expect(matchPoints(image, SQUARE, 0.1, { ...guess, xoffset: 0 }).image).toHaveLength(0);
  });

  test("sources that are too close are left out", () => {
    const close = points([
      [0, 0],
      [0.2, 0.1],
      [5, 5],
    ]);
    expect(matchPoints(close, close, 0.1, { ...options, histogram: false }).image).toHaveLength(2);
  });

  test("the top of a paraboloid", () => {
    const n = 11;
    const bins = Float64Array.from({ length: n * n }, (_, p) =>
      Math.max(0, 50 - ((p % n) - 5.3) ** 2 - 2 * (Math.floor(p / n) - 4.8) ** 2),
    );
    const [x, y] = histogramPeak(bins, n);
    expect(x).toBeCloseTo(5.3, 6);
    expect(y).toBeCloseTo(4.8, 6);
  });
});

describe("catalogs", () => {
  test("columns under other names", () => {
    expect(parsePixelCatalog("xcentroid ycentroid\n1 2\n", "c").x).toEqual([1]);
    expect(parseSkyCatalog("ra Dec\n1 2\nnan 3\n", "c").ra).toEqual(Float64Array.of(1));
    expect(() => parseSkyCatalog("a b\n1 2\n", "c")).toThrow(/RA and DEC/);
    expect(() => parsePixelCatalog("a b\n1 2\n", "c")).toThrow(/x and y/);
  });

  test("catalogs of the network are refused", () => {
    expect(() => refuseNetwork("GAIADR3")).toThrow(/abs_refcat/);
    expect(() => refuseNetwork("mine.ecsv")).not.toThrow();
  });
});

test("a hull leaves out what is inside, across 0 deg too", () => {
  const ra = Float64Array.of(359.9, 0.1, 0.1, 359.9, 0);
  const dec = Float64Array.of(-0.1, -0.1, 0.1, 0.1, 0);
  expect(hull({ ra, dec })).toHaveLength(4);
});
