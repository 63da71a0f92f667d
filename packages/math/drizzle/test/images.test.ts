import {
  absoluteDerivative,
  blotPixels,
  drizzleWeight,
  fillValue,
  flagPlain,
  flagResampled,
  imageRange,
  lanczosTable,
  medianPixels,
  rollingMedian,
  weightThreshold,
} from "@calwebb/drizzle";
import { describe, expect, test } from "vitest";
import { thresholdOf } from "../src/threshold.js";
import { plainSample, weightSample } from "../src/threshold-sample.js";
import { f32, f64, fixtures } from "./fixtures.js";

const { nx, ny, onx, ony } = fixtures;

function close(got: ArrayLike<number>, wanted: (number | null)[], tolerance: number): void {
  wanted.forEach((v, p) => {
    if (v === null) expect(got[p], `pixel ${p}`).toBeNaN();
    else expect(Math.abs(got[p] - v), `pixel ${p}`).toBeLessThanOrEqual(tolerance + 1e-8);
  });
}

describe("blot", () => {
  test("agrees with the drizzle library", () => {
    const out = new Float32Array(nx * ny);
    const { blot } = fixtures;
    const args = { image: f32(blot.image), snx: onx, sny: ony, x: f64(blot.x), y: f64(blot.y), out, fill: Number.NaN };
    blotPixels({ ...args, start: 0, end: 40 });
    blotPixels({ ...args, start: 40, end: nx * ny });
    close(out, blot.out, 2e-6);
  });

  test("last row and column, outside, no position", () => {
    const out = new Float32Array(6);
    blotPixels({
      image: Float32Array.of(1, 2, 3, 4),
      snx: 2,
      sny: 2,
      x: Float64Array.of(0.5, 1.5, 0.5, 1.9, -0.1, Number.NaN),
      y: Float64Array.of(0.5, 0.5, 1.25, 1.9, 0, 0),
      out,
      fill: -9,
      start: 0,
      end: 6,
    });
    expect([...out]).toEqual([2.5, 3, 3.5, 4, -9, -9]);
  });
});

describe("outliers", () => {
  const { flags } = fixtures;
  const [data, err, model] = [f32(flags.sci), f32(flags.err), f32(flags.model)];

  test("the absolute derivative", () => {
    close(absoluteDerivative(model, nx, ny), flags.derivative, 0);
    expect([...absoluteDerivative(Float32Array.of(1, 5, Number.NaN, 2), 2, 2)]).toEqual([4, 4, Number.NaN, 3]);
  });

  test("two passes", () => {
    const found = flagResampled({ data, err, model, nx, ny, snr: [5, 4], scale: [1.2, 0.7], background: 0.25 });
    expect([...found]).toEqual(flags.resampled);
    expect(found.reduce((a, v) => a + v, 0)).toBeGreaterThan(0);
  });

  test("the second pass needs a hit of the first next to it", () => {
    const flat = new Float32Array(25);
    const test = (at: Record<number, number>): number[] => {
      const image = new Float32Array(25);
      for (const [p, v] of Object.entries(at)) image[Number(p)] = v;
      const one = flat.map(() => 1);
      const found = flagResampled({
        data: image,
        err: one,
        model: flat,
        nx: 5,
        ny: 5,
        snr: [5, 3],
        scale: [0, 0],
        background: 0,
      });
      return [...found.keys()].filter((p) => found[p] === 1);
    };
    expect(test({ 12: 6, 13: 4, 6: 4, 0: 4 })).toEqual([6, 12, 13]);
    expect(test({ 12: 4 })).toEqual([]);
  });

  test("one pass, against one image and against a series in float64", () => {
    expect([...flagPlain(data, err, model, 3)]).toEqual(flags.plain);
    const two = new Float32Array(2 * data.length);
    two.set(data);
    two.set(data, data.length);
    const errors = new Float32Array(two.length);
    errors.set(err);
    errors.set(err, err.length);
    expect([...flagPlain(two, errors, model, 3)]).toEqual([...flags.plain, ...flags.plain]);
    expect([...flagPlain(data, err, Float64Array.from(model), 3)]).toEqual(flags.plain);
  });
});

describe("stacks", () => {
  test("median without NaN, few and many images", () => {
    const { median } = fixtures;
    const out = new Float32Array(6);
    medianPixels({ stack: f32(median.stack), n: 5, npix: 6, out, start: 0, end: 6 });
    close(out, median.out, 0);
    const many = Float32Array.from({ length: 41 }, (_, i) => (i * 7) % 41);
    const one = new Float32Array(1);
    medianPixels({ stack: many, n: 41, npix: 1, out: one, start: 0, end: 1 });
    expect(one[0]).toBe(20);
  });

  test("rolling median with edges, odd and even windows", () => {
    const stack = Float32Array.of(5, 1, 4, 2, 9, 7);
    const roll = (width: number): number[] => {
      const out = new Float64Array(6);
      rollingMedian({ stack, n: 6, npix: 1, width, out, start: 0, end: 1 });
      return [...out];
    };
    expect(roll(3)).toEqual([4, 4, 2, 4, 7, 7]);
    expect(roll(4)).toEqual([3, 3, 3, 3, 5.5, 5.5]);
    expect(roll(2)).toEqual([3, 3, 2.5, 3, 5.5, 8]);
    expect(() => roll(1)).toThrow(/window of 1/);
    expect(() => roll(7)).toThrow(/window of 7/);
  });

  test("threshold of weights", () => {
    const { threshold } = fixtures;
    expect(weightThreshold(f32(threshold.weights), 0.7)).toBeCloseTo(threshold.value, 5);
    expect(weightThreshold(Float32Array.of(0, 1, 1, 1), 0.7)).toBeCloseTo(0.7, 12);
    expect(weightThreshold(new Float32Array(3), 0.7)).toBeNaN();
  });

  test.each([5, 1000, 30001])("thresholds of %i weights: WASM and plain kernel give the same", (n) => {
    const weights = Float32Array.from({ length: n }, (_, i) =>
      i % 50 === 7 ? (i % 100 === 7 ? 0 : Number.NaN) : 5 + Math.sin(i * 1.7) * (i % 13 === 0 ? 5 : 0.3),
    );
    const [simd, plain] = [weightSample(weights), plainSample(weights)];
    expect(simd.values).toEqual(plain.values);
    for (const [low, high] of [
      [-Infinity, Infinity],
      [4.9, 5.1 + 1e-9],
      [0.1, 4.8],
      [7, 6],
    ]) {
      expect(simd.sum(low, high)).toEqual(plain.sum(low, high));
      expect(simd.squares(low, high, 4.987)).toBe(plain.squares(low, high, 4.987));
      expect(simd.gather(low, high)).toEqual(plain.gather(low, high));
    }
    const found = thresholdOf(simd, 0.7);
    expect(found).toBe(thresholdOf(plain, 0.7));
    expect(found).toBeCloseTo(3.5, 1);
    // Clipped by hand.
    let kept = [...plain.values];
    const mean = (a: number[]): number => a.reduce((x, y) => x + y, 0) / a.length;
    for (let round = 0; round < 5; round++) {
      const sorted = Float64Array.from(kept).sort();
      const h = sorted.length >> 1;
      const middle = sorted.length % 2 === 1 ? sorted[h] : (sorted[h - 1] + sorted[h]) / 2;
      const m = mean(kept);
      const width = 3 * Math.sqrt(mean(kept.map((v) => (v - m) ** 2)));
      kept = kept.filter((v) => Math.abs(v - middle) <= width);
    }
    expect(found).toBeCloseTo(0.7 * mean(kept), 12);
  });
});

describe("weights and fill values", () => {
  test("flags, variances and constants", () => {
    const weight = new Float32Array(5);
    const dq = Uint32Array.of(0, 1, 4, 0, 0);
    const variance = Float32Array.of(4, 4, 0.5, 0, Number.NaN);
    drizzleWeight({ dq, goodBits: 4, variance, constant: 0 }, 0, 5, weight);
    expect([...weight]).toEqual([0.25, 0, 2, 0, 0]);
    drizzleWeight({ dq, goodBits: 0, variance: null, constant: 30 }, 0, 5, weight);
    expect([...weight]).toEqual([30, 0, 0, 30, 30]);
    drizzleWeight({ dq, goodBits: undefined, variance: null, constant: 1 }, 0, 5, weight);
    expect([...weight]).toEqual([1, 1, 1, 1, 1]);
  });

  test("texts of fill values", () => {
    for (const text of ["NAN", "nan", "INDEF", "indef", "", " "]) expect(fillValue(text)).toBeNaN();
    expect(fillValue("-1.5e2")).toBe(-150);
    expect(fillValue("inf")).toBe(Number.POSITIVE_INFINITY);
    expect(() => fillValue("none")).toThrow(/none/);
  });

  test("pixels of a bounding box", () => {
    expect(imageRange(10, 8)).toEqual([0, 9, 0, 7]);
    expect(
      imageRange(10, 8, [
        [-0.5, 9.5],
        [1.5, 20],
      ]),
    ).toEqual([0, 9, 2, 7]);
  });

  test("the Lanczos function is 1 at 0 and 0 at whole numbers", () => {
    const table = lanczosTable(3);
    expect(table[0]).toBe(1);
    expect(table[500]).toBeCloseTo((Math.sin(1.5 * Math.PI) * Math.sin(0.5 * Math.PI) * 3) / (1.5 * Math.PI) ** 2, 12);
    expect(table[table.length - 1]).toBeCloseTo(0, 12);
  });
});
