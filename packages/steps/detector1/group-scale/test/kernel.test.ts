import { describe, expect, test } from "vitest";
import { groupFactor, scale } from "../src/kernel.js";

describe("groupFactor", () => {
  test.each([
    [3, 4, 4 / 3],
    [5, 4, 0.8],
    [undefined, 4, /NFRAMES value not found/],
    [4, undefined, /power of 2/],
    [3, undefined, /FRMDIVSR is missing/],
    [4, 4, /equal/],
  ])("NFRAMES %s, FRMDIVSR %s", (nframes, divisor, wanted) => {
    const got = groupFactor(nframes, divisor);
    if (typeof wanted === "number") expect(got).toBe(wanted);
    else expect(got).toMatch(wanted);
  });
});

test("scale works in float32 and only on its range", () => {
  const data = Float32Array.of(3, 7, Number.NaN, 1e38);
  scale({ data, from: 1, to: 4, factor: 4 / 3 });
  // float32(4/3) = 1.3333333730697632; 7 times that is 9.333333611488342, in float32 9.333333969116211
  expect(Array.from(data)).toEqual([3, 9.333333969116211, Number.NaN, Math.fround(1e38 * Math.fround(4 / 3))]);
});
