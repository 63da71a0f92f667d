import { describe, expect, test } from "vitest";
import {
  type CleanPlaneArgs,
  cleanFullFrame,
  cleanPlane,
  cleanSubarray,
  decide,
  LIMITS,
  relativeFlux,
  relativeTo,
  scaledMedian,
  sossTraceMask,
  subtractStripes,
  USUAL_FILTER,
} from "../src/kernel.js";

describe("stripes", () => {
  const image = Float32Array.of(1, 2, 9, 4, 5, 6);
  test("medians of rows and columns, masked pixels apart", () => {
    const mask = Uint8Array.of(1, 1, 0, 1, 1, 1);
    expect([...subtractStripes(image, mask, 2, 3, true, false)]).toEqual([-0.5, 0.5, 7.5, -1, 0, 1]);
    expect([...subtractStripes(image, mask, 2, 3, false, false)]).toEqual([-1.5, -1.5, 3, 1.5, 1.5, 0]);
  });
  test("a line without background keeps its values", () => {
    expect([...subtractStripes(image, Uint8Array.of(0, 0, 0, 1, 1, 1), 2, 3, true, false)]).toEqual([
      1, 2, 9, -1, 0, 1,
    ]);
  });
  test("channels have levels of their own", () => {
    const row = Float32Array.from({ length: 2048 }, (_, x) => Math.floor(x / 512));
    const mask = new Uint8Array(2048).fill(1);
    expect(subtractStripes(row, mask, 1, 2048, true, true).every((v) => v === 0)).toBe(true);
    expect(subtractStripes(row, mask, 1, 2048, true, false).every((v) => v === 0)).toBe(false);
  });
});

describe("one plane", () => {
  const args = (data: number[]): CleanPlaneArgs => ({
    data: Float32Array.from(data),
    model: null,
    groupdq: null,
    mask: Uint8Array.of(1, 1, 1, 1),
    flat: null,
    out: new Float32Array(data.length),
    background: null,
    ny: 2,
    nx: 2,
    plane: 1,
    before: 0,
    maskPlane: 0,
    settings: {
      method: "median",
      background: "median",
      box: null,
      sigma: 2,
      alongRows: true,
      byChannel: false,
      detector: "NRCB1",
      filter: USUAL_FILTER,
    },
  });
  test("differences lose their stripes and keep their level", () => {
    const a = args([0, 0, 0, 0, 10, 10, 14, 14]);
    expect(cleanPlane(a)).toBe("clean");
    expect([...a.out.subarray(4)]).toEqual([12, 12, 12, 12]);
  });
  test("NaN stay, and a plane without background is left out", () => {
    const a = args([0, 0, 0, 0, Number.NaN, 10, 14, 14]);
    cleanPlane(a);
    expect(a.out[4]).toBeNaN();
    expect(cleanPlane({ ...a, mask: new Uint8Array(4) })).toBe("empty");
    expect(cleanPlane({ ...a, groupdq: Uint8Array.of(0, 0, 0, 0, 4, 1, 5, 1) })).toBe("empty");
  });
});

describe("frequency space", () => {
  test("a slow wave along the readout is taken out of a subarray", () => {
    const ny = 40;
    const nx = 60;
    // The readout runs along columns of the image; one period takes three lines of 40 + 12 ticks.
    const image = Float32Array.from({ length: ny * nx }, (_, p) => {
      const tick = (p % nx) * (ny + 12) + Math.floor(p / nx);
      return 5 * Math.sin((2 * Math.PI * tick) / (52 * 3));
    });
    const mask = Uint8Array.from({ length: ny * nx }, (_, p) => (p % 7 === 0 ? 0 : 1));
    const clean = cleanSubarray(image, mask, ny, nx, "NRS1", USUAL_FILTER);
    const rms = (a: ArrayLike<number>): number => Math.sqrt(Array.from(a).reduce((s, v) => s + v * v, 0) / a.length);
    expect(rms(clean as Float32Array)).toBeLessThan(0.15 * rms(image));
    expect(cleanSubarray(image, new Uint8Array(ny * nx), ny, nx, "NRS2", USUAL_FILTER)).toBeUndefined();
  });

  test("constant lines of a frame become zero but for the shift across lines", () => {
    const n = 64;
    const image = new Float32Array(n * n).fill(3);
    const clean = cleanFullFrame(image, new Uint8Array(n * n).fill(1), n, n, "NRS2") as Float32Array;
    // Far from the four border lines, which are not fitted, nothing is left.
    expect(Math.abs(clean[32 * n + 32])).toBeLessThan(1e-5);
    expect(clean[32 * n]).toBeGreaterThan(1);
  });
});

describe("median over integrations", () => {
  test("is scaled to each integration", () => {
    expect([...scaledMedian(Float32Array.of(1, 10, 2, Number.NaN, 3, 30), 3, 2, [1, 2, 0.5])]).toEqual([
      2, 20, 4, 40, 1, 10,
    ]);
    expect(relativeFlux(Float32Array.of(1, 1, 2, 2, 4, 4), 3, 2)).toEqual([0.5, 1, 2]);
    expect(relativeFlux(Float32Array.of(Number.NaN, 3, 9), 3, 1)).toEqual([1, 0.5, 1.5]);
    expect(relativeFlux(Float32Array.of(Number.NaN, Number.NaN), 2, 1)).toBeUndefined();
  });
});

describe("autoparam", () => {
  const calm = { maskedShare: 0.01, channelStep: 0, slope: 0, slopeRatio: 1, scatter: 0 };
  test.each([
    [{}, "median", false],
    [{ channelStep: 0.1 }, "median", true],
    [{ maskedShare: 0.2, slope: 1e-4 }, "model", false],
    [{ slope: 2e-5 }, "model", false],
    [{ slope: 2e-5, slopeRatio: 9 }, "median", false],
    [{ slope: 2e-4, slopeRatio: 9 }, "model", false],
    [{ channelStep: 0.01, scatter: 0.03 }, "median", true],
  ] as const)("%o", (change, background, byChannel) => {
    expect(decide({ ...calm, ...change }, LIMITS.NIRISS)).toEqual({ background, byChannel });
  });
});

describe("SOSS", () => {
  test("a straight trace is masked 16 rows up and down, turned about its pivot", () => {
    const order = {
      trace: [0, 40, 50, 40, 99, 40],
      pivot: [50, 40] as const,
      coefficients: [0, 1, 0],
      extents: [0, -1, 100, 1],
    };
    const grid = Array.from({ length: 101 }, (_, i) => i / 100);
    const rows = (mask: Uint8Array, x: number): number[] =>
      Array.from({ length: 90 }, (_, y) => y).filter((y) => mask[y * 100 + x] !== 0);
    const level = sossTraceMask([order], 0, 0, grid, 90, 100);
    expect(rows(level, 30)).toEqual(Array.from({ length: 33 }, (_, i) => 24 + i));
    const turned = sossTraceMask([order], 5, -10, grid, 90, 100);
    // 30 + tan(5 degrees) * 45 = 33.9 for the pivot ten rows above the trace, up to the turn of the offset itself.
    expect(rows(turned, 95)[0]).toBe(17);
  });
});

test("fluxes relative to their median; unknown ones take the median of the others", () => {
  expect(relativeTo(Float64Array.of(2, 4, Number.NaN, 8))).toEqual([0.5, 1, 1, 2]);
  expect(relativeTo(Float64Array.of(Number.NaN))).toBeUndefined();
});
