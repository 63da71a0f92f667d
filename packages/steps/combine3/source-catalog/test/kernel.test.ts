import { expect, test } from "vitest";
import { abMagnitude, annulusBackground, circleFlux, daoStatistics, nearest } from "../src/kernel.js";

const N = 31;
const flat = (value: number): Float32Array => new Float32Array(N * N).fill(value);
const at = (x: number, y: number) => ({ x: Float64Array.of(x), y: Float64Array.of(y) });

test("3631 Jy are magnitude 0, to the 8.9 of the convention", () => {
  const { value, error } = abMagnitude(Float64Array.of(1, 100, -1, 0), Float64Array.of(0.1, 0, 0.1, 1));
  expect(value[0]).toBeCloseTo(8.9, 12);
  expect(value[1]).toBeCloseTo(3.9, 12);
  expect(value[2]).toBeNaN();
  expect(value[3]).toBe(Infinity);
  expect(error[0]).toBeCloseTo(2.5 * Math.log10(1.1), 12);
});

test("background of an annulus: the median, its outlier clipped", () => {
  const data = flat(2);
  for (let p = 0; p < data.length; p += 2) data[p] = 4;
  data[15 * N + 21] = 1000;
  const { value, error } = annulusBackground({ data, error: flat(1), ny: N, nx: N }, at(15, 15), 5, 8);
  expect([2, 3, 4]).toContain(value[0]);
  expect(error[0]).toBeLessThan(0.2);
  expect(error[0]).toBeGreaterThan(0.05);
});

test("flux of a circle less its background", () => {
  const image = { data: flat(3), error: flat(0.5), ny: N, nx: N };
  const { value, error } = circleFlux(image, at(15.3, 14.2), 4, Float64Array.of(1));
  expect(value[0]).toBeCloseTo(2 * Math.PI * 16, 4);
  expect(error[0]).toBeCloseTo(0.5 * 4 * Math.sqrt(Math.PI), 6);
  expect(circleFlux(image, at(Number.NaN, 3), 4, Float64Array.of(1)).value[0]).toBeNaN();
});

test("a round star has roundness 0", () => {
  const data = Float32Array.from({ length: N * N }, (_, p) =>
    Math.exp(-(((p % N) - 15) ** 2 + (Math.floor(p / N) - 15) ** 2) / 2),
  );
  const { sharpness, roundness } = daoStatistics({ data, error: data, ny: N, nx: N }, at(15, 15), 2.3548);
  expect(roundness[0]).toBeCloseTo(0, 6);
  expect(sharpness[0]).toBeGreaterThan(0.3);
  expect(sharpness[0]).toBeLessThan(1);
});

test("nearest neighbours", () => {
  const positions = { x: Float64Array.of(0, 3, 10, Number.NaN), y: Float64Array.of(0, 4, 4, 1) };
  const { index, distance } = nearest(positions);
  expect([...index]).toEqual([1, 0, 1, -1]);
  expect([...distance.subarray(0, 3)]).toEqual([5, 5, 7]);
  expect(distance[3]).toBeNaN();
  expect(nearest(at(1, 1)).index[0]).toBe(-1);
});
