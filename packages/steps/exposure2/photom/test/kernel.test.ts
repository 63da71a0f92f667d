import { tableFrom } from "@calwebb/datamodels";
import { describe, expect, test } from "vitest";
import { calibrate, exp32, exponentialFactor, findRow, linearFactor, powerLawFactor } from "../src/kernel.js";

describe("sensitivity with time", () => {
  test("linear: 3 % a year is 1.5 % after half a year", () => {
    expect(linearFactor(59182.5, { t0: 59000, lossperyear: 0.03 })).toBeCloseTo(0.985, 6);
  });

  test("exponential: amplitude and constant at t0, one e-folding later", () => {
    const c = { t0: 59600, amplitude: 0.2, tau: 130, const: 0.8 };
    expect(exponentialFactor(59600, c)).toBeCloseTo(1, 6);
    expect(exponentialFactor(59730, c)).toBeCloseTo(0.2 / Math.E + 0.8, 6);
  });

  test("power law: the given value after one year", () => {
    const c = { t0: 59000, year1value: 0.92, tsoft: 12, alpha: -0.11 };
    expect(powerLawFactor(59365, c)).toBeCloseTo(0.92, 6);
    expect(powerLawFactor(59000, c)).toBeCloseTo((0.92 * 12 ** -0.11) / 377 ** -0.11, 5);
  });
});

test("exp32 is the exponential to 2 units in the last place of float32, over the whole range", () => {
  for (let x = -87; x < 88; x += 0.37) {
    const v = Math.fround(x);
    expect(Math.abs(exp32(v) / Math.exp(v) - 1)).toBeLessThan(2.4e-7);
  }
  expect([exp32(0), exp32(-200), exp32(100), exp32(Number.NaN)]).toEqual([1, 0, Number.POSITIVE_INFINITY, Number.NaN]);
});

describe("findRow", () => {
  const table = tableFrom({ filter: ["F070W", "f200w ", "F200W"], pupil: ["CLEAR", "CLEAR", "MASK"] });

  test("all columns have to match, in any case and with blanks", () => {
    expect(findRow(table, { filter: "F200W", pupil: "clear" })).toBe(1);
    expect(findRow(table, { filter: "F070W", pupil: "MASK" })).toBeUndefined();
    expect(findRow(table, { filter: "F070W", pupil: undefined })).toBeUndefined();
  });

  test("several rows are refused", () => {
    expect(() => findRow(table, { filter: "F200W" })).toThrow(/2 rows .* filter F200W/);
  });
});

describe("calibrate", () => {
  const arrays = () => ({
    data: Float32Array.of(1, 2, Number.NaN, 4),
    err: Float32Array.of(1, 1, 1, 1),
    variances: [Float32Array.of(1, 1, 1, 1), Float32Array.of(1, Number.NaN, 1, 1)],
    dq: Uint32Array.of(4, 0, 0, 1),
  });

  test("values and errors by the factor, variances by its square; the invalid agree", () => {
    const a = arrays();
    calibrate({ ...a, factor: 3, square: 9, inverse: false });
    const nan = Number.NaN;
    expect([...a.data]).toEqual([3, nan, nan, nan]);
    expect([...a.err]).toEqual([3, nan, nan, nan]);
    expect([...a.variances[0]]).toEqual([9, nan, nan, nan]);
    expect([...a.variances[1]]).toEqual([9, nan, nan, nan]);
    expect([...a.dq]).toEqual([4, 1, 1, 1]);
  });

  test("the inverse divides", () => {
    const a = arrays();
    calibrate({ ...a, dq: null, factor: 2, square: 4, inverse: true });
    expect([a.data[0], a.err[0], a.variances[0][0]]).toEqual([0.5, 0.5, 0.25]);
    expect(a.data[3]).toBe(2);
  });
});
