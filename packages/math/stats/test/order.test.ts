import { describe, expect, test } from "vitest";
import { median32, median64, select, sortFloat32 } from "../src/index.js";

describe("order", () => {
  test("sorts by bits, negative numbers and zeros too", () => {
    const values = Float32Array.from({ length: 5000 }, (_, i) =>
      Math.fround(Math.sin(i * 7.1) * 10 ** ((i % 70) - 35)),
    );
    values[17] = -0;
    values[99] = Number.NEGATIVE_INFINITY;
    values[100] = Number.POSITIVE_INFINITY;
    expect([...sortFloat32(values)]).toEqual([...values.slice().sort()]);
  });

  test.each([32768, 40001])("medians of many values: %i", (n) => {
    const values = Float32Array.from({ length: n }, (_, i) => Math.sin(i * 7.1) * 10 ** ((i % 70) - 35));
    const sorted = values.slice().sort();
    const [low, high] = [sorted[(n - 1) >> 1], sorted[n >> 1]];
    expect(median32(values, n)).toBe(Math.fround(Math.fround(low + high) / 2));
    const close = Float32Array.from({ length: n }, (_, i) => (i < n / 2 ? -2.5 : 1e-40));
    expect(median32(close, n)).toBe(Math.fround((n % 2 === 1 ? -5 : -2.5 + Math.fround(1e-40)) / 2));
    expect(median32(new Float32Array(n).fill(Number.POSITIVE_INFINITY), n)).toBe(Number.POSITIVE_INFINITY);
  });

  test("selects and takes medians", () => {
    const values = Float32Array.of(5, 1, 4, 4, 9, -2);
    expect(select(values.slice(), 6, 2)).toBe(4);
    expect(median32(values.slice(), 6)).toBe(4);
    expect(median32(values.slice(), 5)).toBe(4);
    expect(median32(Float32Array.of(1, 2), 2)).toBe(1.5);
    expect(median32(values, 0)).toBeNaN();
    expect(median64(Float64Array.of(0.1, 0.4, -7, 0.2), 4)).toBe((0.1 + 0.2) / 2);
    expect(median64(Float64Array.of(3, 1, 2), 3)).toBe(2);
    expect(median64(new Float64Array(0), 0)).toBeNaN();
  });
});
