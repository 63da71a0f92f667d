import { describe, expect, test } from "vitest";
import { combine, refineOffset, shiftImage } from "../src/kernel.js";

test("shiftImage moves by whole pixels and fills with 0", () => {
  const out = new Float32Array(6);
  shiftImage(Float32Array.of(1, 2, 3, 4, 5, 6), out, 2, 3, 1, 0);
  expect([...out]).toEqual([2, 3, 0, 5, 6, 0]);
  shiftImage(Float32Array.of(1, 2, 3, 4, 5, 6), out, 2, 3, -1, 1);
  expect([...out]).toEqual([0, 4, 5, 0, 0, 0]);
});

test("combine takes the mean of good pixels, else the good one, else 0", () => {
  const a = { data: Float32Array.of(1, 2, 3, 4), dq: Uint32Array.of(4, 1, 0, 3), err: Float32Array.of(2, 2, 2, 2) };
  const b = { data: Float32Array.of(3, 8, 9, 9), dq: Uint32Array.of(0, 2, 1, 1), err: Float32Array.of(4, 6, 6, 6) };
  combine(a, b);
  expect([...a.data]).toEqual([2, 8, 3, 0]);
  expect([...a.err]).toEqual([3, 6, 2, 0]);
  expect([...a.dq]).toEqual([4, 2, 0, 3]);
});

describe("refineOffset", () => {
  const [ny, nx] = [60, 64];
  const options = { psf_size: 24, blur_size: 4, n_size: 2 };
  const star = (x: number, y: number) => ({
    data: Float32Array.from({ length: ny * nx }, (_, i) => {
      const [u, v] = [(i % nx) - x, Math.floor(i / nx) - y];
      return 1000 * Math.exp(-(u * u + v * v) / 10);
    }),
    dq: new Uint32Array(ny * nx),
  });

  test("finds what the nominal offset lacks", () => {
    const change = refineOffset(star(30, 29), star(36, 26), ny, nx, [4, -1], options);
    expect(change?.[0]).toBeCloseTo(2, 1);
    expect(change?.[1]).toBeCloseTo(-2, 1);
  });

  test("bad pixels are interpolated", () => {
    const second = star(32, 29);
    const hot = 30 * nx + 40;
    second.data[hot] = 1e6;
    second.dq[hot] = 1;
    const change = refineOffset(star(30, 29), second, ny, nx, [0, 0], options);
    expect(change?.[0]).toBeCloseTo(2, 1);
    expect(change?.[1]).toBeCloseTo(0, 1);
  });

  test("images without anything in common give none", () => {
    expect(refineOffset(star(30, 29), star(30, 29), ny, nx, [70, 0], options)).toBeUndefined();
  });
});
