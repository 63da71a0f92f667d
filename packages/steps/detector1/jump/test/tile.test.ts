import { describe, expect, test, vi } from "vitest";
import { DetectTile, detectRange, type RangeArgs, surveyRange } from "../src/kernel.js";

/** Numbers in [0, 1) that are the same in every run. */
function source(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

interface Size {
  nints: number;
  ngroups: number;
  nrows: number;
  ncols: number;
}

/** Ramps with jumps, equal steps, odd values and odd flags. */
function make(seed: number, { nints, ngroups, nrows, ncols }: Size): RangeArgs {
  const random = source(seed);
  const npix = nrows * ncols;
  const data = new Float32Array(nints * ngroups * npix);
  const groupdq = new Uint8Array(data.length);
  const gain = new Float32Array(npix);
  const readnoise = new Float32Array(npix);
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, 0];
  const pick = (values: readonly number[]): number => values[Math.floor(random() * values.length)];
  for (let p = 0; p < npix; p++) {
    gain[p] = random() < 0.05 ? pick([Number.NaN, 0, -1, 1e30]) : 1 + random();
    readnoise[p] = random() < 0.1 ? pick([0, Number.NaN, 1e-20]) : 5 * random();
    const rate = pick([0, 3, 50, -2]);
    // Whole steps make differences equal.
    const rough = random() < 0.4;
    const clean = random() < 0.5;
    for (let i = 0; i < nints; i++) {
      let level = 100 * random();
      for (let g = 0, at = i * ngroups * npix + p; g < ngroups; g++, at += npix) {
        level += rate + 10 * (random() - 0.5) + (random() < 0.06 ? 300 * random() : 0);
        data[at] = rough ? Math.round(level / 4) * 4 : level;
        if (clean) continue;
        if (random() < 0.02) data[at] = pick(odd);
        if (random() < 0.1) groupdq[at] = pick([1, 2, 4, 5, 6, 8, 12, 132, 255]);
      }
    }
  }
  const counted = [Math.floor(npix / 5), npix - 2] as const;
  const sizes = { nints, ngroups, nrows, ncols, npix, start: 0, end: npix };
  const limits = { threshold: 4, thresholdThree: 5, thresholdTwo: 6 };
  const neighbours = { min: 10, max: 60 };
  return { data, groupdq, gain, readnoise, ...sizes, ...limits, nframes: 3, mode: "iterative", neighbours, counted };
}

const SIZES: Size[] = [
  { nints: 1, ngroups: 3, nrows: 9, ncols: 13 },
  { nints: 1, ngroups: 4, nrows: 40, ncols: 16 },
  { nints: 2, ngroups: 10, nrows: 30, ncols: 31 },
  { nints: 4, ngroups: 17, nrows: 21, ncols: 20 },
  { nints: 9, ngroups: 9, nrows: 11, ncols: 10 },
  { nints: 1, ngroups: 150, nrows: 8, ncols: 9 },
];

describe("the SIMD kernel gives what the plain one gives", () => {
  const both = (run: typeof detectRange, make: () => RangeArgs): void => {
    const fast = make();
    const plain: RangeArgs = { ...make(), simd: false };
    const before = plain.groupdq.slice();
    const expected = run(plain);
    expect(run(fast)).toEqual(expected);
    const differences = (a: Uint8Array): number => a.reduce((n, f, i) => n + (f === plain.groupdq[i] ? 0 : 1), 0);
    expect(differences(fast.groupdq)).toBe(0);
    expect(differences(before)).toBeGreaterThan(0);
    expect(expected.jumps).toBeGreaterThan(0);
  };
  for (const [k, size] of SIZES.entries()) {
    const { nints, ngroups } = size;
    test(`${nints} x ${ngroups}, one jump after the other`, () => {
      both(detectRange, () => make(k, size));
      both(detectRange, () => ({ ...make(k + 100, size), neighbours: null, threshold: 2 }));
    });
    test(`${nints} x ${ngroups}, all at once`, () => {
      both(detectRange, () => ({ ...make(k, size), mode: "single" }));
      both(detectRange, () => ({ ...make(k + 100, size), mode: "single", neighbours: null, threshold: 1 }));
      both(detectRange, () => ({ ...make(k, size), mode: "single", threshold: 0 }));
    });
    test(`${nints} x ${ngroups}, only what is flagged`, () => {
      both(surveyRange, () => make(k, size));
    });
  }

  test("part of the pixels, several tiles", () => {
    const size = { nints: 3, ngroups: 60, nrows: 50, ncols: 33 };
    const { ncols } = size;
    both(detectRange, () => ({ ...make(7, size), start: 5 * ncols, end: 45 * ncols }));
    const { spots } = detectRange({ ...make(7, size), start: 5 * ncols, end: 45 * ncols });
    expect(new Set(Array.from(spots.pixel, (p) => Math.floor(p / ncols)))).toEqual(new Set([5, 44]));
  });

  test("is there, or the plain kernel takes over", () => {
    expect(DetectTile.make(1, 5)).toBeDefined();
    vi.stubGlobal("WebAssembly", undefined);
    try {
      expect(DetectTile.make(1, 5)).toBeUndefined();
      expect(detectRange(make(1, SIZES[1])).jumps).toBeGreaterThan(0);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
