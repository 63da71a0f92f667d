import { expect, test } from "vitest";
import { findSource, measure, nanMedian, type Series, total } from "../src/kernel.js";

const SIZE = 25;

/** Images of a level with a pyramid of 3 x 3 pixels (sum 16) at the given pixels. */
function series(at: readonly [number, number][], level = 2): Series {
  const data = new Float32Array(at.length * SIZE * SIZE).fill(level);
  at.forEach(([x, y], i) => {
    for (let j = -1; j <= 1; j++)
      for (let k = -1; k <= 1; k++)
        data[i * SIZE * SIZE + (y + j) * SIZE + x + k] += (2 - Math.abs(j)) * (2 - Math.abs(k));
  });
  return {
    data,
    error: new Float32Array(data.length).fill(0.5),
    bad: new Uint8Array(data.length),
    nints: at.length,
    ny: SIZE,
    nx: SIZE,
  };
}

test("median without NaN", () => {
  expect(nanMedian([3, Number.NaN, 1])).toBe(2);
  expect(nanMedian([3, 9, 1])).toBe(3);
  expect(nanMedian([Number.NaN])).toBeNaN();
});

test("sums of a circle of radius 3 and an annulus from 4 to 5 are 9 pi pixels each", () => {
  const s = series([[12, 12]]);
  const x = Float64Array.of(12);
  const p = measure(s, x, x, 3, 4, 5);
  expect(p.apertureSum[0]).toBeCloseTo(16 + 2 * 9 * Math.PI, 9);
  expect(p.annulusSum[0]).toBeCloseTo(2 * 9 * Math.PI, 9);
  expect(p.apertureArea[0]).toBeCloseTo(9 * Math.PI, 9);
  expect(p.annulusError[0]).toBeCloseTo(0.5 * 3 * Math.sqrt(Math.PI), 9);
});

test("an unknown position gives NaN", () => {
  const p = measure(series([[12, 12]]), Float64Array.of(Number.NaN), Float64Array.of(3), 3, 4, 5);
  expect(p.apertureSum[0]).toBeNaN();
  expect(p.annulusArea[0]).toBeNaN();
});

test("the source is found away from the planned position", () => {
  const { source, fitted } = findSource(
    series([
      [14, 11],
      [14, 11],
      [13, 11],
    ]),
    11,
    12,
    11,
    5,
    4,
  );
  expect(fitted).toBe(true);
  expect([...source.x].map((v) => v.toFixed(9))).toEqual(["14.000000000", "14.000000000", "13.000000000"]);
  expect(source.y[2]).toBeCloseTo(11, 9);
  expect(source.widthX[0]).toBeCloseTo(source.widthY[0], 6);
  expect(source.flux[0]).toBeGreaterThan(14);
});

test("a planned position outside the image has no centroid", () => {
  const { source, fitted } = findSource(series([[12, 12]]), -3, 12, 11, 5, 4);
  expect(fitted).toBe(false);
  expect(source.x[0]).toBeNaN();
});

test("an integration without usable pixels has none", () => {
  const s = series([
    [12, 12],
    [12, 12],
  ]);
  s.bad.fill(1, SIZE * SIZE);
  const { source } = findSource(s, 12, 12, 11, 5, 4);
  expect(source.x[0]).toBeCloseTo(12, 9);
  expect(source.x[1]).toBeNaN();
});

test("sums of whole images leave out NaN", () => {
  const s = series([[12, 12]], 1);
  s.data[0] = Number.NaN;
  s.error[1] = Number.NaN;
  const { sum, error } = total(s);
  expect(sum[0]).toBe(SIZE * SIZE + 16 - 1);
  expect(error[0]).toBeCloseTo(0.5 * Math.sqrt(SIZE * SIZE - 1), 5);
});
