import { tableFrom } from "@calwebb/datamodels";
import { describe, expect, test } from "vitest";
import { customCatalogs, pixelCatalog, refuseNetwork, skyCatalog, tableColumns, textColumns } from "../src/catalogs.js";
import {
  apply,
  fitClipped,
  fitLinear,
  histogramOffset,
  histogramPeak,
  matchPoints,
  type Points,
  pairWeights,
} from "../src/kernel.js";
import { hullOf } from "../src/outline.js";

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

describe("weights and rounds", () => {
  const line = points([
    [0, 0],
    [1, 0],
    [2, 0],
    [3, 0],
  ]);
  const to = { x: Float64Array.of(1, 2, 3, 8), y: new Float64Array(4) };

  test("a heavy pair counts more, one without weight never", () => {
    // Shifts are 1, 1, 1 and 5.
    const shift = (w: Float64Array) => fitClipped(to, line, "shift", 0, 3, w)?.shift[0];
    expect(shift(Float64Array.of(1, 1, 1, 3))).toBeCloseTo(3, 12);
    expect(shift(Float64Array.of(1, 1, 1, 0))).toBeCloseTo(1, 12);
    expect(fitClipped(to, line, "rscale", 3, 3, Float64Array.of(1, 0, 0, 0))).toBeUndefined();
  });

  test("variances of a pair add up", () => {
    expect(pairWeights(Float64Array.of(2, 1), Float64Array.of(2, 0))).toEqual(Float64Array.of(1, 0));
    expect(pairWeights(undefined, Float64Array.of(2))).toEqual(Float64Array.of(2));
    expect(pairWeights(undefined, undefined)).toBeUndefined();
  });

  test("what was clipped comes back in the round after the next", () => {
    // Residuals from the mean 2 are 1, 1, 1, 3 with rms 1.73: the last one goes, the rest fit exactly, and nothing more is clipped as
    // none is nearer than 0 to the fit. With one more outlier the first comes back when the second goes.
    const offsets = [0, 0, 0, 0, 0, 0.1, 3];
    const many = points(offsets.map((_, i) => [i, 0]));
    const moved7 = { x: Float64Array.from(offsets, (o, i) => i + o), y: new Float64Array(7) };
    const rounds = (n: number) => fitClipped(moved7, many, "shift", n, 2)?.shift[0];
    expect(rounds(0)).toBeCloseTo(3.1 / 7, 12);
    expect(rounds(1)).toBeCloseTo(0.1 / 6, 12);
    expect(rounds(2)).toBeCloseTo(3 / 6, 12);
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

  test("a peak beside the far edge is fitted in a box as large as elsewhere", () => {
    const n = 11;
    const bins = Float64Array.from({ length: n * n }, (_, p) =>
      Math.max(0, 50 - ((p % n) - 9.2) ** 2 - (Math.floor(p / n) - 5) ** 2),
    );
    bins[5 * n + 6] = 80;
    bins[5 * n + 9] = 90;
    // The box covers columns 6 to 10, with the high bin in column 6.
    const [x] = histogramPeak(bins, n);
    bins[5 * n + 6] = 0;
    expect(x).not.toBe(histogramPeak(bins, n)[0]);
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
  const pixels = (text: string) => pixelCatalog(textColumns(text, "c"), "c");
  const sky = (text: string) => skyCatalog(textColumns(text, "c"), "c");

  test("columns under other names", () => {
    expect(pixels("xcentroid ycentroid\n1 2\n")).toEqual({ id: [1], x: [1], y: [2], flux: [Number.NaN] });
    expect(pixels("label x_centroid y flux\n7 1 2 3\n")).toEqual({ id: [7], x: [1], y: [2], flux: [3] });
    expect(sky("ra Dec\n1 2\nnan 3\n")).toEqual({ ra: Float64Array.of(1), dec: Float64Array.of(2), rows: 2 });
    expect(() => sky("a b\n1 2\n")).toThrow(/RA and DEC/);
    expect(() => sky("ra RA DEC\n1 2 3\n")).toThrow(/several columns RA/);
    expect(() => sky("ra dec\nnan 3\n")).toThrow(/no source/);
    expect(() => pixels("a b\n1 2\n")).toThrow(/x and y/);
  });

  test("weights; rows without one do not count", () => {
    expect(pixels("x y weight\n1 2 3\n4 5 nan\n")).toEqual({
      id: [1],
      x: [1],
      y: [2],
      flux: [Number.NaN],
      weight: [3],
    });
    expect(sky("RA,DEC,weight\n1,2,0.5\n").weight).toEqual(Float64Array.of(0.5));
  });

  test("columns of a FITS table", () => {
    const table = tableFrom({ x: Float64Array.of(1, 2), id: BigInt64Array.of(3n, 4n), name: ["a", "b"] });
    expect([...tableColumns(table)]).toEqual([
      ["x", [1, 2]],
      ["id", [3, 4]],
    ]);
  });

  test("a list of catalogs; they lie in its folder", () => {
    const text = "# exposure catalog\na_cal.fits a.ecsv\nb_cal.fits /data/b.ecsv\n\nc_cal.fits\n";
    expect([...customCatalogs({ name: "lists/cats.txt", text }, [] as never)]).toEqual([
      ["a_cal.fits", "lists/a.ecsv"],
      ["b_cal.fits", "/data/b.ecsv"],
      ["c_cal.fits", null],
    ]);
    expect(() => customCatalogs({ name: "cats.txt", text: "a b c" }, [] as never)).toThrow(/two columns/);
  });

  test("catalogs of the network are refused", () => {
    expect(() => refuseNetwork("GAIADR3")).toThrow(/abs_refcat/);
    expect(() => refuseNetwork("mine.ecsv")).not.toThrow();
  });
});

test("a hull leaves out what is inside, across 0 deg too", () => {
  const ra = Float64Array.of(359.9, 0.1, 0.1, 359.9, 0);
  const dec = Float64Array.of(-0.1, -0.1, 0.1, 0.1, 0);
  expect(hullOf(ra, dec)).toHaveLength(4);
});
