import { describe, expect, test } from "vitest";
import {
  fillPolygon,
  type MatchOptions,
  makeSkyImage,
  matchSky,
  plainPasses,
  type SimdSample,
  type SkyImage,
  type StatisticOptions,
  simdSample,
  skyStatistic,
} from "../src/kernel.js";

const options: StatisticOptions = {
  skystat: "mean",
  lower: null,
  upper: null,
  nclip: 0,
  lsigma: 4,
  usigma: 4,
  binwidth: 0.1,
};

describe("skyStatistic", () => {
  const values = Float32Array.of(1, 2, 2, 3, 3, 3, 4, 4, 5);

  test("mean and median, within limits", () => {
    expect(skyStatistic(values, options)).toEqual({ value: 3, npix: 9 });
    expect(skyStatistic(values, { ...options, lower: 2, upper: 4 })).toEqual({ value: 3, npix: 7 });
    const median: StatisticOptions = { ...options, skystat: "median" };
    expect(skyStatistic(Float32Array.of(1, 9, 2, 4), median)?.value).toBe(3);
  });

  test("the mode is the peak of the histogram", () => {
    // sigma = sqrt(12 / 8); with this width the bins are 1 wide: 1, 2, 3, 2, 1 and an empty one
    const width = 1 / Math.fround(Math.sqrt(1.5));
    const found = skyStatistic(values, { ...options, skystat: "mode", binwidth: width * 0.9999 });
    expect(found?.value).toBeCloseTo(3.5, 3);
  });

  test("clipping leaves out what is far away", () => {
    const noisy = Float32Array.from({ length: 101 }, (_, i) => (i === 100 ? 1e4 : i % 2));
    expect(skyStatistic(noisy, { ...options, nclip: 1 })).toEqual({ value: 0.5, npix: 100 });
  });

  test("limits that the first value is outside of are the ends of the histogram", () => {
    // First value below: the histogram begins at the limit 1.5, with sigma = 1 / sqrt(2) and bins of 0.5; 2 is in the second one.
    const stat: StatisticOptions = { ...options, skystat: "mode", lower: 1.5, binwidth: 0.5 * Math.SQRT2 * 0.9999 };
    expect(skyStatistic(Float32Array.of(0, 2, 2, 2, 3, 3.5), stat)?.value).toBeCloseTo(2.25, 1);
    const inside = skyStatistic(Float32Array.of(2, 2, 2, 3, 3.5, 0), stat)?.value;
    expect(inside).toBeCloseTo(2.25, 1);
    expect(inside).not.toBe(skyStatistic(Float32Array.of(0, 2, 2, 2, 3, 3.5), stat)?.value);
  });

  test("nothing to measure", () => {
    expect(skyStatistic(new Float32Array(0), options)).toBeUndefined();
    expect(skyStatistic(values, { ...options, lower: 6 })).toBeUndefined();
    expect(skyStatistic(values, { ...options, lsigma: 0 })).toBeUndefined();
    expect(skyStatistic(values, { ...options, lower: 2.4, upper: 2.6 })).toBeUndefined();
  });
});

describe("values in WASM memory", () => {
  /** Values of many magnitudes and signs, in no order. */
  const wild = (n: number): Float32Array =>
    Float32Array.from(
      { length: n },
      (_, i) => ((i * 7919) % 1009) ** 3 * (i % 3 === 0 ? -1e-7 : 1e-9) + ((i * 31) % 17),
    );
  const sky = (n: number): Float32Array =>
    Float32Array.from({ length: n }, (_, i) => 0.3 + ((i * 7919) % 1009) * 1e-5 + (i % 997 === 0 ? i : 0));
  const samples: [string, Float32Array][] = [
    ["wild", wild(5021)],
    ["sky", sky(4003)],
    ["few", wild(5)],
    ["one", Float32Array.of(3)],
    ["zeros", new Float32Array(100)],
    ["about zero", wild(3000).map((v, i) => (i % 2 === 0 ? v : -v) * 1e-30)],
    ["huge", wild(3000).map((v) => v * 1e30)],
  ];
  const sampleOf = (values: Float32Array): [SimdSample, Float32Array] => {
    const sample = simdSample(values.length) as SimdSample;
    const ones = new Uint8Array(values.length).fill(1);
    return [sample, sample.take(values, ones, ones)];
  };

  test.each(samples)("the same moments and histograms: %s", (_, values) => {
    const [sample, inside] = sampleOf(values);
    expect(inside).toEqual(values);
    expect(sample.extremes(inside)).toEqual(plainPasses.extremes(values));
    for (const [low, high] of [
      [-Infinity, Infinity],
      [0, 5],
      [0.3, 0.305],
      [-2, 0],
      [7, 6],
      [1e6, 1e9],
    ]) {
      const found = plainPasses.moments(values, low, high);
      expect(sample.moments(inside, low, high)).toEqual(found);
      for (const nbins of [1, 2, 83]) {
        const args = [nbins, (found.max - found.min) / nbins, found.min] as const;
        expect(sample.histogram(inside, ...args)).toEqual(plainPasses.histogram(values, ...args));
      }
    }
  });

  test.each(samples)("the same statistics: %s", (_, values) => {
    const [sample, inside] = sampleOf(values);
    for (const skystat of ["mean", "mode", "midpt", "median"] as const)
      for (const nclip of [0, 1, 5]) {
        const how = { ...options, skystat, nclip };
        expect(skyStatistic(inside, how, sample)).toEqual(skyStatistic(values, how));
      }
  });

  test("more bins than there is room for", () => {
    const [sample, inside] = sampleOf(wild(500));
    expect(sample.histogram(inside, 20000, 0.001, -1)).toEqual(plainPasses.histogram(inside, 20000, 0.001, -1));
  });

  test("values that both masks have", () => {
    const data = wild(20001);
    const a = Uint8Array.from(data, (_, i) => (i % 3 === 0 ? 1 : 0));
    const b = Uint8Array.from(data, (_, i) => (i % 2 === 0 ? 1 : 0));
    const sample = simdSample(data.length) as SimdSample;
    expect(sample.take(data, a, b)).toEqual(data.filter((_, i) => i % 6 === 0));
  });
});

describe("fillPolygon", () => {
  const rows = (ny: number, nx: number, xs: number[], ys: number[]): string[] => {
    const mask = new Uint8Array(ny * nx);
    fillPolygon(mask, ny, nx, xs, ys);
    return Array.from({ length: ny }, (_, y) => mask.subarray(y * nx, (y + 1) * nx).join(""));
  };

  test("a rectangle has both of its edges", () => {
    expect(rows(4, 6, [1, 3, 3, 1], [1, 1, 2, 2])).toEqual(["000000", "011100", "011100", "000000"]);
  });

  test("a triangle, and what is outside of the image", () => {
    expect(rows(4, 5, [0, 4, 0], [0, 0, 4])).toEqual(["11111", "11110", "11100", "11000"]);
    expect(rows(2, 3, [-5, 9, 9, -5], [-5, -5, 9, 9])).toEqual(["111", "111"]);
    expect(rows(2, 3, [1, 1, 1], [0, 1, 0])).toEqual(["000", "000"]);
  });
});

/** An exposure of 20 x 20 pixels of 0.001 degrees with its corner at (x0, 0) on the sky. */
function exposure(x0: number, sky: number, good = 1): SkyImage {
  const data = Float32Array.from({ length: 400 }, (_, i) => sky + (i % 2 === 0 ? 0.01 : -0.01));
  const wcs = {
    toSky: (x: Float64Array, y: Float64Array) => [x.map((v) => 10 + (v + x0) / 1000), y.map((v) => v / 1000)],
    toPixel: (ra: Float64Array, dec: Float64Array) => [ra.map((v) => (v - 10) * 1000 - x0), dec.map((v) => v * 1000)],
  };
  const mask = new Uint8Array(400).fill(good);
  const pixels = async () => ({ data, mask });
  const subtract = (value: number) => {
    for (let i = 0; i < data.length; i++) data[i] -= value;
  };
  return makeSkyImage({ name: `at${x0}`, pixels, subtract, ny: 20, nx: 20, wcs }, null, 0);
}

describe("matchSky", () => {
  const run = async (images: SkyImage[][], more: Partial<MatchOptions> = {}): Promise<string[]> => {
    const warnings: string[] = [];
    const log = { info: () => undefined, warn: (m: string) => void warnings.push(m) };
    await matchSky(images, { ...options, skymethod: "match", match_down: true, subtract: false, ...more }, log);
    return warnings;
  };
  const skies = (images: SkyImage[][]): number[] => images.flat().map((i) => Math.round(i.sky * 100) / 100);

  test("differences of a chain of exposures, down and up", async () => {
    const images = () => [[exposure(0, 5)], [exposure(10, 7)], [exposure(20, 4)]];
    const down = images();
    expect(await run(down)).toEqual([]);
    expect(skies(down)).toEqual([1, 3, 0]);
    expect(down.flat().every((i) => i.valid)).toBe(true);
    const up = images();
    await run(up, { match_down: false });
    expect(skies(up)).toEqual([-2, 0, -3]);
  });

  test("global and match: the least sky is added; subtracting leaves nothing", async () => {
    const images = [[exposure(0, 5)], [exposure(10, 7)]];
    await run(images, { skymethod: "global+match", subtract: true });
    expect(skies(images)).toEqual([5, 7]);
    for (const image of images.flat()) expect((await image.pixels()).data[0]).toBeCloseTo(0.01, 2);
  });

  test("local and global", async () => {
    const images = [[exposure(0, 5), exposure(30, 3)], [exposure(60, 2)]];
    await run(images, { skymethod: "local" });
    expect(skies(images)).toEqual([3, 3, 2]);
    const all = [[exposure(0, 5)], [exposure(60, 2)], [exposure(90, 1, 0)]];
    await run(all, { skymethod: "global" });
    expect(skies(all)).toEqual([2, 2, 2]);
  });

  test("an exposure on its own is left as it is, with a warning", async () => {
    const images = [[exposure(0, 5)], [exposure(10, 7)], [exposure(500, 4)]];
    expect((await run(images)).join()).toMatch(/at500/);
    expect(skies(images)).toEqual([0, 2, 0]);
    expect(images.flat().map((i) => i.valid)).toEqual([true, true, false]);
  });

  test("an exposure without valid pixels has no sky", async () => {
    const images = [[exposure(0, 5, 0)], [exposure(10, 7)]];
    expect((await run(images))[0]).toMatch(/no sky can be matched/);
    expect(images.flat().some((i) => i.valid)).toBe(false);
  });
});

test("an outline has points at most stepsize pixels apart", async () => {
  const image = exposure(0, 1);
  expect(image.outline.length).toBe(4);
  const fine = makeSkyImage(image, 7, 0);
  expect(fine.outline.length).toBe(8);
  expect(fine.outline[1][0]).toBeCloseTo(10.0095, 10);
});
