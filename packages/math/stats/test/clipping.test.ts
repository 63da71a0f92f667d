import { describe, expect, test } from "vitest";
import { clippedMean, pairwiseSum, pairwiseSum32, SlidingMedian, sigmaClippedStatistics } from "../src/index.js";

/** float32 numbers x[i] = float32(500 + 6 sin(i * 1.7) + (i % 50 == 7) * 200) and what numpy and scipy make of them. */
function sample(n: number): Float64Array {
  return Float64Array.from({ length: n }, (_, i) =>
    Math.fround(500 + 6 * Math.sin(i * 1.7) + (i % 50 === 7 ? 200 : 0)),
  );
}

describe("pairwise sums have numpy's rounding", () => {
  test.each([
    [5, 2501.826416015625, 2501.8265380859375],
    [100, 50399.125, 50399.123474121094],
    [1000, 504006.25, 504006.2282104492],
    [4099, 2065899.25, 2065899.3451538086],
  ])("%i values", (n, single, double) => {
    expect(pairwiseSum32(sample(n), 0, n)).toBe(single);
    expect(pairwiseSum(sample(n), 0, n)).toBe(double);
  });
});

describe("clippedMean", () => {
  test("as scipy.stats.sigmaclip, in float32 and float64", () => {
    const scratch = new Float64Array(1000);
    expect(clippedMean(sample(1000), 1000, 3, 3, true, scratch)).toBe(500.009521484375);
    expect(clippedMean(sample(1000), 1000, 3, 3, false, scratch)).toBe(500.00953369140626);
    expect(clippedMean(sample(1000), 1000, 1.2, 1.2, true, scratch)).toBe(499.99725341796875);
  });

  test("equal values are their own mean, nothing has none", () => {
    const scratch = new Float64Array(4);
    expect(clippedMean(Float64Array.of(7, 7, 7), 3, 3, 3, true, scratch)).toBe(7);
    expect(clippedMean(new Float64Array(4), 0, 3, 3, true, scratch)).toBeNaN();
    expect(clippedMean(Float64Array.of(1, Number.NaN, 2), 3, 3, 3, false, scratch)).toBeNaN();
  });
});

describe("SlidingMedian", () => {
  test("values come and go", () => {
    const m = new SlidingMedian(5);
    expect(m.median(false)).toBeNaN();
    for (const v of [3, 1, 2, 2]) m.add(v);
    expect(m.median(false)).toBe(2);
    m.add(10);
    m.remove(1);
    expect(m.median(false)).toBe(2.5);
    m.remove(2);
    expect(m.median(false)).toBe(3);
    m.add(Number.NaN);
    expect(m.median(false)).toBeNaN();
    m.remove(Number.NaN);
    expect(m.median(false)).toBe(3);
    m.clear();
    m.add(Math.fround(0.1));
    m.add(Math.fround(0.3));
    expect(m.median(true)).toBe(Math.fround(Math.fround(Math.fround(0.1) + Math.fround(0.3)) / 2));
  });

  test("values are replaced by others, near and far, equal and unknown", () => {
    const m = new SlidingMedian(5);
    const held = [5, 1, 4, 4, 2];
    for (const v of held) m.add(v);
    const median = () => [...held].sort((a, b) => a - b)[2];
    [9, 0, 4, 3, -7, 3, 3, 8, 8, 1].forEach((v, i) => {
      m.replace(held[i % 5], v);
      held[i % 5] = v;
      expect(m.median(false)).toBe(median());
    });
    m.replace(8, Number.NaN);
    expect(m.median(false)).toBeNaN();
    m.replace(Number.NaN, 8);
    expect(m.median(false)).toBe(median());
  });
});

// 1..9 and 1000: median 5.5; the first pass drops 1000, then nothing more.
test("sigmaClippedStatistics", () => {
  const s = sigmaClippedStatistics([1, 2, 3, 4, 5, 6, 7, 8, 9, 1000, Number.NaN], 2);
  expect(s.mean).toBe(5);
  expect(s.median).toBe(5);
  expect(s.std).toBeCloseTo(Math.sqrt(60 / 9), 12);
});
