import { describe, expect, test } from "vitest";
import {
  clipBounds,
  combineStack,
  type IntegrationArgs,
  meanOfIntegrations,
  orPlane,
  sortValues,
  subtractPlane,
} from "../src/kernel.js";

const limits = (values: number[], sigma: number, maxiters = 0): number[] => {
  const sorted = Float64Array.from(values);
  sortValues(sorted, sorted.length);
  const out = new Float64Array(2);
  clipBounds(sorted, sorted.length, sigma, maxiters, out);
  return [...out];
};

describe("clipBounds", () => {
  test("median plus and minus sigma standard deviations", () => {
    // mean 2, squares 1 + 0 + 1, deviation sqrt(2/3)
    const [low, high] = limits([3, 1, 2], 3);
    expect(low).toBeCloseTo(2 - 3 * Math.sqrt(2 / 3), 12);
    expect(high).toBeCloseTo(2 + 3 * Math.sqrt(2 / 3), 12);
  });

  test("an even number has its median between the middle two", () => {
    const [low, high] = limits([1, 2, 4, 5], 1);
    expect((low + high) / 2).toBeCloseTo(3, 12);
  });

  test("goes on until nothing is clipped, or for so many rounds", () => {
    // First round: mean 20, deviation 40 -> keeps all but 100. Second: all equal.
    const values = [0, 0, 0, 0, 100];
    expect(limits(values, 1.5)).toEqual([0, 0]);
    expect(limits(values, 1.5, 1)).toEqual([-60, 60]);
  });

  test("equal values have equal limits; no values clip nothing", () => {
    expect(limits([7, 7, 7], 3)).toEqual([7, 7]);
    expect(limits([], 3)).toEqual([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY]);
  });

  test("long samples sort like short ones", () => {
    const values = Float64Array.from({ length: 101 }, (_, i) => (i * 37) % 101);
    sortValues(values, 101);
    expect([...values]).toEqual(Array.from({ length: 101 }, (_, i) => i));
  });
});

test("combineStack: mean and its uncertainty, without what is not finite", () => {
  const data = [Float32Array.of(1, Number.NaN, 5), Float32Array.of(3, Number.NaN, Number.POSITIVE_INFINITY)];
  const variance = [Float32Array.of(9, 1, 4), Float32Array.of(16, 1, 1)];
  const mean = new Float32Array(3);
  const err = new Float32Array(3);
  combineStack({ data, variance, sigma: 3, maxiters: 0, mean, err, start: 0, end: 3 });
  // sqrt(9 + 16) / 2, nothing left, sqrt(4) / 1
  expect([...mean]).toEqual([2, 0, 5]);
  expect([...err]).toEqual([2.5, 0, 2]);
});

test("combineStack leaves out what is clipped, also its variance", () => {
  const data = [0, 0, 0, 0, 100].map((v) => Float64Array.of(v));
  const variance = [1, 1, 1, 1, 1000].map((v) => Float64Array.of(v));
  const mean = new Float32Array(1);
  const err = new Float32Array(1);
  combineStack({ data, variance, sigma: 1.5, maxiters: 0, mean, err, start: 0, end: 1 });
  expect([mean[0], err[0]]).toEqual([0, 0.5]);
});

test("meanOfIntegrations averages values and squared errors of the pixels asked for", () => {
  const args: IntegrationArgs = {
    data: Float32Array.of(1, 9, Number.NaN, 3, 9, Number.NaN),
    err: Float32Array.of(1, 9, 2, 3, 9, Number.NaN),
    nints: 2,
    npix: 3,
    sigma: 3,
    maxiters: 0,
    mean: new Float64Array(3).fill(-1),
    variance: new Float64Array(3).fill(-1),
    start: 0,
    end: 3,
  };
  meanOfIntegrations({ ...args, end: 1 });
  expect([...args.mean]).toEqual([2, -1, -1]);
  meanOfIntegrations(args);
  expect([...args.mean]).toEqual([2, 9, 0]);
  expect([...args.variance]).toEqual([5, 81, 4]);
});

test("one plane goes into every integration", () => {
  const data = Float32Array.of(10, 20, 30, 40);
  subtractPlane(data, Float32Array.of(1, 2));
  expect([...data]).toEqual([9, 18, 29, 38]);
  const dq = Uint32Array.of(1, 0, 0, 4);
  orPlane(dq, Uint32Array.of(0, 2));
  expect([...dq]).toEqual([1, 2, 0, 6]);
});
