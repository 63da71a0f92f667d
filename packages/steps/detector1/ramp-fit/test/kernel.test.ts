import { describe, expect, test } from "vitest";
import { fitOls, groupLimits } from "../src/kernel.js";

describe("group limits", () => {
  const limits = (first: number | null, last: number | null, ngroups = 10): [unknown, number] => {
    const warnings: string[] = [];
    return [groupLimits(first, last, ngroups, (m) => warnings.push(m)), warnings.length];
  };
  test.each<[number | null, number | null, unknown, number]>([
    [null, null, undefined, 0],
    [2, null, { first: 2, last: 9 }, 0],
    [null, 6, { first: 0, last: 6 }, 0],
    [2, 6, { first: 2, last: 6 }, 0],
    [0, 9, undefined, 0],
    [-3, 6, { first: 0, last: 6 }, 1],
    [1, 40, { first: 1, last: 9 }, 1],
    [6, 6, undefined, 1],
    [7, 2, undefined, 1],
  ])("%s to %s", (first, last, want, warnings) => {
    expect(limits(first, last)).toEqual([want, warnings]);
  });
});

test("the kernel works on plain arrays", async () => {
  const gain = Float32Array.of(2);
  const { rate } = await fitOls({
    ramp: {
      nints: 1,
      ngroups: 3,
      nrows: 1,
      ncols: 1,
      data: Float32Array.of(10, 30, 50),
      groupdq: new Uint8Array(3),
      pixeldq: new Uint32Array(1),
    },
    timing: { frameTime: 10, groupTime: 10, nframes: 1, groupgap: 0 },
    gain,
    readnoise: Float32Array.of(8),
  });
  expect(rate.slope[0]).toBeCloseTo(2, 6);
  // noise of a group: 8 * 2 / sqrt(2); 12 * 128 / (24 * 4 * 100)
  expect(rate.varRnoise[0]).toBeCloseTo(0.16, 6);
  // 2 / (10 * 2 * 2)
  expect(rate.varPoisson[0]).toBeCloseTo(0.05, 6);
});
