import { describe, expect, test } from "vitest";
import { type CdsArgs, differenceRate, fineGuideRate, minimumRate } from "../src/kernel.js";

function args(data: number[], nints: number, ngroups: number, npix: number): CdsArgs {
  return {
    data: new Float32Array(data),
    nints,
    ngroups,
    npix,
    gain: new Float32Array(npix).fill(2),
    readnoise: new Float32Array(npix).fill(4),
    groupTime: 0.5,
  };
}

test("difference of two groups per integration, with errors", () => {
  const r = differenceRate(args([1, 2, 11, 2, 5, 5, 5, 1], 2, 2, 2));
  expect(r.planes).toBe(2);
  expect([...r.data]).toEqual([20, 0, 0, -8]);
  // read noise 2 (4 / 0.5)^2 = 128; Poisson 10 / (2 * 0.5) = 10, negative ones count as 0.
  expect([...r.err]).toEqual([138, 128, 128, 128].map((v) => Math.fround(Math.sqrt(v))));
});

test("identification takes the smaller difference", () => {
  const r = minimumRate(args([0, 0, 0, 10, 4, 1, 0, 0, 0, 6, 9, Number.NaN], 2, 2, 3));
  expect(r.planes).toBe(1);
  expect([...r.data]).toEqual([12, 8, Number.NaN]);
  expect([...r.err.subarray(0, 2)]).toEqual([Math.fround(Math.sqrt(134)), Math.fround(Math.sqrt(132))]);
});

test("fine guiding: last four minus first four", () => {
  const r = fineGuideRate(args([1, 2, 3, 4, 100, 11, 12, 13, 14], 1, 9, 1));
  expect(r.data[0]).toBe(20);
  expect(r.err[0]).toBe(Math.fround(Math.sqrt(138)));
});

describe("edges", () => {
  test("zero gain: infinite error, no error for a negative difference, NaN for none", () => {
    const a = args([0, 0, 0, 5, -5, 0], 1, 2, 3);
    a.gain.fill(0);
    expect([...differenceRate(a).err]).toEqual([Infinity, Math.fround(Math.sqrt(128)), Number.NaN]);
  });

  test("too few groups or integrations", () => {
    expect(() => differenceRate(args([1], 1, 1, 1))).toThrow(/2 groups/);
    expect(() => minimumRate(args([1, 2], 1, 2, 1))).toThrow(/2 integrations/);
  });
});
