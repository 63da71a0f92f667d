import { describe, expect, test } from "vitest";
import {
  annulusMask,
  apertureSum,
  apertureValues,
  boxAround,
  centreOfMass,
  circleMask,
  circleOverlap,
  erf,
  fitGaussianPrf,
} from "../src/index.js";

describe("overlap of a circle and a rectangle", () => {
  test("the whole circle, a half, a quarter", () => {
    expect(circleOverlap(-5, 5, -5, 5, 2)).toBeCloseTo(4 * Math.PI, 12);
    expect(circleOverlap(0, 5, -5, 5, 2)).toBeCloseTo(2 * Math.PI, 12);
    expect(circleOverlap(0, 5, 0, 5, 2)).toBeCloseTo(Math.PI, 12);
  });

  test("a rectangle inside, one outside", () => {
    expect(circleOverlap(-0.5, 0.5, -0.5, 0.5, 2)).toBeCloseTo(1, 12);
    expect(circleOverlap(1.9, 3, 1.9, 3, 2)).toBe(0);
  });

  test("a segment: r^2 acos(d/r) - d sqrt(r^2 - d^2)", () => {
    expect(circleOverlap(1, 9, -9, 9, 2)).toBeCloseTo(4 * Math.acos(0.5) - Math.sqrt(3), 12);
  });
});

test("pixels beyond the circle weigh exactly nothing, pixels within it exactly one", () => {
  for (let k = 0; k < 2000; k++) {
    const [x, y, r] = [100 + Math.sin(k), 50 + Math.cos(3 * k), 1 + 2 * Math.abs(Math.sin(7 * k))];
    const mask = circleMask(x, y, r);
    for (let j = 0; j < mask.height; j++)
      for (let i = 0; i < mask.width; i++) {
        const [dx, dy] = [Math.abs(mask.x0 + i - x), Math.abs(mask.y0 + j - y)];
        const weight = mask.weights[j * mask.width + i];
        if (Math.hypot(Math.max(0, dx - 0.5), Math.max(0, dy - 0.5)) > r) expect(weight).toBe(0);
        if (Math.hypot(dx + 0.5, dy + 0.5) < r) expect(weight).toBeCloseTo(1, 14);
      }
  }
});

describe("apertures", () => {
  const nx = 21;
  const ones = new Float32Array(nx * nx).fill(1);

  test.each([
    [10, 10],
    [9.3, 10.71],
  ])("areas at %f, %f", (x, y) => {
    const exact = apertureSum(ones, ones, nx, nx, circleMask(x, y, 3), true);
    expect(exact.sum).toBeCloseTo(9 * Math.PI, 10);
    expect(exact.error).toBeCloseTo(3 * Math.sqrt(Math.PI), 10);
    expect(apertureSum(ones, ones, nx, nx, annulusMask(x, y, 4, 5), true).sum).toBeCloseTo(9 * Math.PI, 10);
    const fine = apertureSum(ones, ones, nx, nx, circleMask(x, y, 3, "subpixel", 50), true).sum;
    expect(Math.abs(fine - 9 * Math.PI)).toBeLessThan(0.05);
  });

  test("centres: 29 pixels within 3", () => {
    expect(circleMask(10, 10, 3.01, "center").weights.reduce((a, b) => a + b, 0)).toBe(29);
    expect(apertureValues(ones, nx, nx, circleMask(10, 10, 3.01, "center"))).toHaveLength(29);
  });

  test("outside the image and NaN", () => {
    expect(apertureSum(ones, ones, nx, nx, circleMask(-0.5, 10, 3), true).area).toBeCloseTo(4.5 * Math.PI, 10);
    expect(apertureSum(ones, ones, nx, nx, circleMask(-50, 10, 3), true).sum).toBeNaN();
    const holed = ones.slice();
    holed[10 * nx + 10] = Number.NaN;
    expect(apertureSum(holed, ones, nx, nx, circleMask(10, 10, 3), true).area).toBeCloseTo(9 * Math.PI - 1, 10);
    expect(apertureSum(holed, ones, nx, nx, circleMask(10, 10, 3), false).sum).toBeNaN();
  });
});

test("error function", () => {
  // Abramowitz & Stegun, table 7.1
  expect(erf(0.5)).toBeCloseTo(0.5204998778130465, 15);
  expect(erf(-1)).toBeCloseTo(-0.8427007929497149, 15);
  expect(erf(3)).toBeCloseTo(0.9999779095030014, 15);
  expect(erf(7)).toBe(1);
  expect(erf(2.4999999)).toBeCloseTo(erf(2.5000001), 8);
});

test("centre of mass", () => {
  const data = new Float32Array(25).fill(2);
  data[1 * 5 + 3] = 6;
  data[2 * 5 + 3] = 4;
  const bad = new Uint8Array(25);
  const box = boxAround(2, 2, 5, 5, 5);
  expect(box).toEqual({ x0: 0, x1: 5, y0: 0, y1: 5 });
  expect(centreOfMass(data, bad, 5, box, 2)).toEqual({ x: 3, y: (4 + 4) / 6 });
  bad[2 * 5 + 3] = 1;
  expect(centreOfMass(data, bad, 5, box, 2)).toEqual({ x: 3, y: 1 });
  bad.fill(1);
  expect(centreOfMass(data, bad, 5, box, 2)).toBeUndefined();
});

test("a Gaussian is fitted", () => {
  const n = 11;
  const integral = (d: number, s: number) =>
    0.5 * (erf((d + 0.5) / (s * Math.SQRT2)) - erf((d - 0.5) / (s * Math.SQRT2)));
  const data = new Float32Array(n * n);
  for (let y = 0; y < n; y++)
    for (let x = 0; x < n; x++) data[y * n + x] = 7 + 1e-5 * integral(x - 5.2, 1.3) * integral(y - 4.9, 0.9) * 1e6;
  const fit = fitGaussianPrf(data, new Uint8Array(n * n), n, boxAround(5.2, 4.9, n, n, n), 7, 5.2, 4.9, n);
  expect(fit?.flux).toBeCloseTo(10, 4);
  expect(fit?.sigmaX).toBeCloseTo(1.3, 5);
  expect(fit?.sigmaY).toBeCloseTo(0.9, 5);
  expect(fitGaussianPrf(data, new Uint8Array(n * n).fill(1), n, boxAround(5, 5, n, n, n), 7, 5, 5, n)).toBeUndefined();
});

test.each([
  // jwst 3.0 has these for the same star.
  ["a bright number", 1000, 1.09999998, 1.40000001, 1],
  ["a number as small as fluxes in Jy, where the fit ends early", 1e-4, 1.42332275, 1.58589215, 1.18759622],
])("the fit ends where that of the reference implementation does: %s", (_, brightness, sigmaX, sigmaY, flux) => {
  const n = 15;
  const integral = (d: number, s: number) =>
    0.5 * (erf((d + 0.5) / (s * Math.SQRT2)) - erf((d - 0.5) / (s * Math.SQRT2)));
  const data = Float32Array.from(
    { length: n * n },
    (_, p) => brightness * integral((p % n) - 7.2, 1.1) * integral(Math.floor(p / n) - 6.9, 1.4),
  );
  const box = boxAround(7.2, 6.9, 11, n, n);
  const fit = fitGaussianPrf(data, new Uint8Array(n * n), n, box, 0, 7.2, 6.9, 11);
  expect(fit?.sigmaX).toBeCloseTo(sigmaX, 6);
  expect(fit?.sigmaY).toBeCloseTo(sigmaY, 6);
  expect((fit?.flux ?? 0) / brightness).toBeCloseTo(flux, 6);
  const negative = data.map((v) => -v);
  expect(fitGaussianPrf(negative, new Uint8Array(n * n), n, box, 0, 7.2, 6.9, 11)).toBeUndefined();
});
