import { expect, test } from "vitest";
import { scale } from "../src/kernel.js";

test("multiplies in float32 by the rounded factor", () => {
  const values = new Float32Array([1, -2, Number.NaN, 0.3]);
  const before = values.slice();
  scale(values, 1.1);
  expect(values[0]).toBe(Math.fround(1.1));
  expect(values[1]).toBe(Math.fround(-2 * Math.fround(1.1)));
  expect(values[2]).toBeNaN();
  expect(values[3]).toBe(Math.fround(before[3] * Math.fround(1.1)));
});
