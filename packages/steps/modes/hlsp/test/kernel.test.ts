import { describe, expect, test } from "vitest";
import { contrastCurve, signalToNoise } from "../src/kernel.js";

describe("contrastCurve", () => {
  test("annuli of one pixel around pixel (2, 2) of 6 x 6", () => {
    const data = new Float32Array(36);
    data[2 * 6 + 2] = 9; // alone in the first annulus
    data[1 * 6 + 2] = 8; // one of the eight with a distance below 2
    const { radius, sigma } = contrastCurve(data, 6, 6, 1);
    expect([...radius]).toEqual([0.5, 1.5]);
    expect(sigma[0]).toBe(0);
    expect(sigma[1]).toBeCloseTo(Math.sqrt((1 - 1 / 8) * 8), 6); // mean 1, mean square 8
  });

  test("halves are rounded to the even number", () => {
    // 5 / 2 = 2.5 becomes 2, index 1; 7 / 2 = 3.5 becomes 4, index 3
    expect(contrastCurve(new Float32Array(25), 5, 5, 1).radius.length).toBe(1);
    expect(contrastCurve(new Float32Array(49), 7, 7, 2).radius.length).toBe(2);
  });

  test("NaN are left out; an annulus of nothing but NaN is NaN", () => {
    const data = new Float32Array(36).fill(2);
    data[2 * 6 + 2] = Number.NaN;
    data[1 * 6 + 2] = Number.NaN;
    expect([...contrastCurve(data, 6, 6, 1).sigma]).toEqual([Number.NaN, 0]);
  });
});

test("signalToNoise divides in place", () => {
  const sci = Float32Array.of(6, -1, 1, 0);
  signalToNoise(sci, Float32Array.of(2, 4, 0, 0));
  expect([...sci]).toEqual([3, -0.25, Number.POSITIVE_INFINITY, Number.NaN]);
});
