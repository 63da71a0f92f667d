import { describe, expect, test } from "vitest";
import { alignImages, replaceBadPixels, shifter, singleShifter } from "../src/kernel.js";

/** A star with its centre at (x, y). */
function star(ny: number, nx: number, x: number, y: number, peak = 100): Float32Array {
  return Float32Array.from({ length: ny * nx }, (_, i) => {
    const [u, v] = [(i % nx) - x, Math.floor(i / nx) - y];
    return peak * Math.exp(-(u * u + v * v) / 8);
  });
}

describe("replaceBadPixels", () => {
  test("the median of the good neighbours", () => {
    const data = Float32Array.of(1, 2, 3, 4, 99, 6, 7, 8, 9);
    const dq = Uint32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0);
    replaceBadPixels(data, dq, 3, 3, 3, 1, 0);
    expect(data[4]).toBe(5); // 4 and 6 in the middle of eight
    const other = Float32Array.of(1, 2, 3, 4, 99, 6, 7, 8, 9);
    replaceBadPixels(other, dq, 3, 3, 3, 2, 0);
    expect(other[4]).toBe(99);
  });

  test("a replaced NaN is good for the next one; the first row and column become 0", () => {
    const data = new Float32Array(25).fill(4);
    data[12] = Number.NaN;
    data[13] = Number.NaN;
    data[0] = Number.NaN;
    data[24] = Number.NaN;
    replaceBadPixels(data, new Uint32Array(25), 5, 5, 3, 0, 0);
    expect([data[12], data[13], data[0], data[24]]).toEqual([4, 4, 0, 4]);
  });

  test("bad pixels outside the science area become 0", () => {
    const data = new Float32Array(25).fill(4);
    const dq = new Uint32Array(25);
    dq[12] = 1 | 512;
    dq[13] = 512;
    replaceBadPixels(data, dq, 5, 5, 3, 1, 512);
    expect([data[12], data[13]]).toEqual([0, 4]);
  });
});

describe("shifter", () => {
  test.each([
    [6, 8],
    [7, 9],
  ])("whole pixels are moved round (%i x %i)", (ny, nx) => {
    const image = Float32Array.from({ length: ny * nx }, (_, i) => (i * 31) % 17);
    const images = shifter(ny, nx);
    const out = new Float64Array(ny * nx);
    images.shift(images.transform(image), 2, -1, out);
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++)
        expect(out[y * nx + x]).toBeCloseTo(image[((y + 1) % ny) * nx + ((x - 2 + nx) % nx)], 10);
  });

  test("derivatives agree with differences, also at the highest frequency", () => {
    const image = Float32Array.from({ length: 48 }, (_, i) => (i * 31) % 17);
    const images = shifter(6, 8);
    const f = images.transform(image);
    const [a, b, x, y] = [1, 2, 3, 4].map(() => new Float64Array(48));
    images.slopes(f, 0.3, -0.7, x, y);
    const h = 1e-5;
    images.shift(f, 0.3 + h, -0.7, a);
    images.shift(f, 0.3 - h, -0.7, b);
    for (let i = 0; i < 48; i++) expect(x[i]).toBeCloseTo((a[i] - b[i]) / (2 * h), 6);
    images.shift(f, 0.3, -0.7 + h, a);
    images.shift(f, 0.3, -0.7 - h, b);
    for (let i = 0; i < 48; i++) expect(y[i]).toBeCloseTo((a[i] - b[i]) / (2 * h), 6);
  });
});

describe("singleShifter", () => {
  test.each([
    [16, 12],
    [46, 15],
    [7, 64],
  ])("agrees with double precision to float32 rounding (%i x %i)", (ny, nx) => {
    const image = Float32Array.from({ length: ny * nx }, (_, i) => (i * 31) % 17);
    const single = singleShifter(ny, nx);
    const double = shifter(ny, nx);
    const a = new Float32Array(ny * nx);
    const b = new Float64Array(ny * nx);
    single.shift(single.transform(image), 0.4, -1.3, a);
    double.shift(double.transform(image), 0.4, -1.3, b);
    for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(3e-5);
  });
});

test("alignImages finds shift and brightness, with what the mask hides left out", () => {
  const [ny, nx] = [30, 32];
  const target = star(ny, nx, 15, 14);
  const psf = star(ny, nx, 15.4, 13.3, 250);
  psf[3 * nx + 3] = 1e5;
  const mask = new Float32Array(ny * nx).fill(1);
  mask[3 * nx + 3] = 0;
  const shifts = new Float64Array(3);
  const outData = new Float32Array(ny * nx);
  alignImages({
    target,
    psfs: psf,
    errs: null,
    mask,
    outData,
    outErr: null,
    shifts,
    single: false,
    ny,
    nx,
    start: 0,
    end: 1,
  });
  expect(shifts[0]).toBeCloseTo(0.4, 5);
  expect(shifts[1]).toBeCloseTo(-0.7, 5);
  expect(shifts[2]).toBeCloseTo(2.5, 5);
});
