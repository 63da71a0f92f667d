import { describe, expect, test } from "vitest";
import { convolvePlanes, type IpcKernel, referenceEdges } from "../src/kernel.js";

const none = { bottom: 0, top: 0, left: 0, right: 0 };
const rows = (n: number): Int32Array => Int32Array.from({ length: n }, (_, i) => i);
const shared = (ky: number, kx: number, ...data: number[]): IpcKernel => ({
  data: Float32Array.from(data),
  ky,
  kx,
  perPixel: false,
});

/** One bright pixel in the middle of 3 x 3. */
const spot = (): Float32Array => Float32Array.of(0, 0, 0, 0, 10, 0, 0, 0, 0);

describe("convolvePlanes", () => {
  test("a point becomes the kernel", () => {
    const data = spot();
    const kernel = shared(3, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    convolvePlanes({ data, stride: 9, from: 0, to: 1, nx: 3, rows: rows(3), edges: none, kernel });
    expect(Array.from(data)).toEqual([10, 20, 30, 40, 50, 60, 70, 80, 90]);
  });

  test("kernels of other shapes: 1 x 3 and 5 x 5", () => {
    const line = spot();
    convolvePlanes({
      data: line,
      stride: 9,
      from: 0,
      to: 1,
      nx: 3,
      rows: rows(3),
      edges: none,
      kernel: shared(1, 3, 1, 2, 3),
    });
    expect(Array.from(line)).toEqual([0, 0, 0, 10, 20, 30, 0, 0, 0]);
    const wide = spot();
    const k = Array.from({ length: 25 }, (_, i) => i);
    convolvePlanes({
      data: wide,
      stride: 9,
      from: 0,
      to: 1,
      nx: 3,
      rows: rows(3),
      edges: none,
      kernel: shared(5, 5, ...k),
    });
    expect(Array.from(wide)).toEqual([60, 70, 80, 110, 120, 130, 160, 170, 180]);
  });

  test("reference pixels keep their value and contribute nothing", () => {
    // 2 rows of 4 columns, the first column is reference
    const data = Float32Array.of(100, 1, 2, 3, 100, 4, 5, 6);
    const kernel = shared(3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1);
    convolvePlanes({ data, stride: 8, from: 0, to: 1, nx: 4, rows: rows(2), edges: { ...none, left: 1 }, kernel });
    expect(Array.from(data)).toEqual([100, 12, 21, 16, 100, 12, 21, 16]);
  });

  test("rows left out are neither changed nor neighbours", () => {
    const data = Float32Array.of(1, 99, 3);
    const kernel = shared(3, 1, 1, 10, 100);
    // out[y] = 1 * in[y + 1] + 10 * in[y] + 100 * in[y - 1] over rows 0 and 2
    convolvePlanes({ data, stride: 3, from: 0, to: 1, nx: 1, rows: Int32Array.of(0, 2), edges: none, kernel });
    expect(Array.from(data)).toEqual([13, 99, 130]);
  });

  test("one kernel per pixel, on the planes asked for", () => {
    // 1 x 3 kernels on 1 x 2 pixels: elements left, middle, right of each pixel
    const kernel: IpcKernel = { data: Float32Array.of(1, 2, 10, 20, 100, 200), ky: 1, kx: 3, perPixel: true };
    const data = Float32Array.of(3, 4, 3, 4);
    convolvePlanes({ data, stride: 2, from: 1, to: 2, nx: 2, rows: rows(1), edges: none, kernel });
    // pixel 0: 1 * in[1] + 10 * in[0]; pixel 1: 20 * in[1] + 200 * in[0]
    expect(Array.from(data)).toEqual([3, 4, 34, 680]);
  });

  test("NaN spreads over the kernel", () => {
    const data = Float32Array.of(1, 1, 1, 1, Number.NaN);
    convolvePlanes({
      data,
      stride: 5,
      from: 0,
      to: 1,
      nx: 5,
      rows: rows(1),
      edges: none,
      kernel: shared(1, 3, 0, 1, 0),
    });
    expect(Array.from(data)).toEqual([1, 1, 1, Number.NaN, Number.NaN]);
  });
});

test("referenceEdges", () => {
  expect(referenceEdges(1, 1, 2048, 2048, false)).toEqual({ bottom: 4, top: 4, left: 4, right: 4 });
  expect(referenceEdges(3, 1985, 64, 64, false)).toEqual({ bottom: 0, top: 4, left: 2, right: 0 });
  expect(referenceEdges(1, 1, 1032, 1024, true)).toEqual({ bottom: 0, top: 0, left: 4, right: 4 });
});

test.each([
  [3, 3, 70, 37],
  [5, 3, 33, 20],
  [2, 4, 64, 17],
  [1, 1, 5, 5],
])("WASM and TypeScript agree bit by bit: kernel %i x %i on %i x %i pixels", (ky, kx, ny, nx) => {
  const make = (plain: boolean): Float32Array => {
    const data = Float32Array.from({ length: 2 * ny * nx }, (_, i) => 1000 + ((i * 7919) % 613) * 1.37);
    data[nx * 7 + 3] = Number.NaN;
    const kernel = shared(ky, kx, ...Array.from({ length: ky * kx }, (_, i) => -0.013 + ((i * 31) % 17) * 0.0071));
    const edges = { bottom: 1, top: 2, left: 2, right: 1 };
    convolvePlanes({ data, stride: ny * nx, from: 0, to: 2, nx, rows: rows(ny), edges, kernel, plain });
    return data;
  };
  expect(make(false)).toEqual(make(true));
});
