import { describe, expect, test } from "vitest";
import { planePlan } from "../src/index.js";

/** The sum that defines the transform. */
function slow(data: Float64Array, ny: number, nx: number): Float64Array {
  const out = new Float64Array(data.length);
  for (let v = 0; v < ny; v++)
    for (let u = 0; u < nx; u++)
      for (let y = 0; y < ny; y++)
        for (let x = 0; x < nx; x++) {
          const phase = -2 * Math.PI * ((u * x) / nx + (v * y) / ny);
          const [re, im] = [data[2 * (y * nx + x)], data[2 * (y * nx + x) + 1]];
          out[2 * (v * nx + u)] += re * Math.cos(phase) - im * Math.sin(phase);
          out[2 * (v * nx + u) + 1] += re * Math.sin(phase) + im * Math.cos(phase);
        }
  return out;
}

describe("planePlan", () => {
  test.each([
    [4, 8],
    [5, 12],
    [9, 11],
    [1, 3],
  ])("%i x %i values agree with the sum, and come back", (ny, nx) => {
    const data = Float64Array.from({ length: 2 * ny * nx }, (_, i) => Math.sin(3 * i * i));
    const got = data.slice();
    const plan = planePlan(ny, nx);
    plan.forward(got);
    const wanted = slow(data, ny, nx);
    for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - wanted[i])).toBeLessThan(1e-11);
    plan.inverse(got);
    for (let i = 0; i < got.length; i++) expect(Math.abs(got[i] - data[i])).toBeLessThan(1e-13);
  });
});
