import { defineTask, type Task } from "@calwebb/array";
import { BLOCK, type SimdConvolution, simdConvolution } from "./simd.js";

/** Rows and columns of reference pixels on each edge; they neither change nor contribute. */
export interface ReferenceEdges {
  bottom: number;
  top: number;
  left: number;
  right: number;
}

/** Deconvolution kernel: `data[ky][kx]`, or `data[ky][kx][ny][nx]` with one value per pixel. */
export interface IpcKernel {
  data: Float32Array;
  ky: number;
  kx: number;
  /** One kernel per pixel: rows and columns of `data`'s last two axes. */
  perPixel: boolean;
}

/** Planes [from, to) of a ramp. */
export interface IpcPiece {
  /** Planes of `stride` elements, row-major, float32, changed in place. */
  data: Float32Array;
  /** Elements from one plane to the next. */
  stride: number;
  from: number;
  to: number;
  /** Columns of a plane. */
  nx: number;
  /** Rows to work on, in order; leaving some out skips interleaved reference pixels. */
  rows: Int32Array;
  edges: ReferenceEdges;
  kernel: IpcKernel;
  /** Use the TypeScript kernel even where WASM SIMD is there; the results are the same. */
  plain?: boolean;
}

/**
 * Reference pixels on the edges of a subarray, from its position on the detector.
 * @param xstart - SUBSTRT1, 1-based; likewise the others
 * @param miri - MIRI has reference pixels left and right only
 */
export function referenceEdges(
  xstart: number,
  ystart: number,
  xsize: number,
  ysize: number,
  miri: boolean,
): ReferenceEdges {
  const x = xstart - 1;
  const y = ystart - 1;
  const left = Math.max(0, 4 - x);
  if (miri) return { bottom: 0, top: 0, left, right: Math.max(0, x + xsize - 1028) };
  return {
    bottom: Math.max(0, 4 - y),
    top: Math.max(0, y + ysize - 2044),
    left,
    right: Math.max(0, x + xsize - 2044),
  };
}

/**
 * Correct planes for inter-pixel capacitance: each science pixel becomes the sum of its neighbourhood times the kernel,
 * with nothing outside the science pixels. Float32, the middle element of the kernel added last; in place.
 */
export function convolvePlanes(piece: IpcPiece): void {
  const { nx, rows, edges, kernel } = piece;
  const ny = rows.length - edges.bottom - edges.top;
  const width = nx - edges.left - edges.right;
  if (ny <= 0 || width <= 0) return;
  const simd = kernel.perPixel || piece.plain ? undefined : simdConvolution(width, kernel.data, kernel.ky, kernel.kx);
  if (simd !== undefined) convolveBlocks(piece, simd, ny, width);
  else convolveRows(piece, ny, width);
}

/** Block after block of rows in WASM SIMD; the rows that the next block shares move on before they are overwritten. */
function convolveBlocks(piece: IpcPiece, simd: SimdConvolution, ny: number, width: number): void {
  const { data, stride, nx, rows, edges, kernel } = piece;
  const { temp, out } = simd;
  const shared = kernel.ky - 1;
  const before = kernel.ky >> 1;
  const after = shared - before;
  for (let plane = piece.from; plane < piece.to; plane++) {
    const base = plane * stride + edges.left;
    temp.fill(0);
    const load = (y: number, slot: number): void => {
      const to = slot * simd.stride + simd.lead;
      if (y >= ny) {
        temp.fill(0, to, to + width);
        return;
      }
      const from = base + rows[edges.bottom + y] * nx;
      temp.set(data.subarray(from, from + width), to);
    };
    for (let y = 0; y < after; y++) load(y, before + y);
    for (let start = 0; start < ny; start += BLOCK) {
      const n = Math.min(BLOCK, ny - start);
      for (let k = 0; k < BLOCK; k++) load(start + after + k, shared + k);
      simd.run(n);
      for (let k = 0; k < n; k++)
        data.set(
          out.subarray(k * simd.outStride, k * simd.outStride + width),
          base + rows[edges.bottom + start + k] * nx,
        );
      temp.copyWithin(0, BLOCK * simd.stride, (BLOCK + shared) * simd.stride);
    }
  }
}

function convolveRows(piece: IpcPiece, ny: number, width: number): void {
  const { data, stride, nx, rows, edges, kernel } = piece;
  const y0 = edges.bottom;
  const { ky, kx } = kernel;
  const before = ky >> 1;
  const left = kx >> 1;
  const padded = width + kx - 1;
  // A copy of the science pixels inside a border of zeros.
  const temp = new Float32Array(padded * (ny + ky - 1));
  const sum = new Float32Array(width);
  for (let plane = piece.from; plane < piece.to; plane++) {
    const base = plane * stride + edges.left;
    for (let y = 0; y < ny; y++) {
      const from = base + rows[y0 + y] * nx;
      temp.set(data.subarray(from, from + width), (y + before) * padded + left);
    }
    for (let y = 0; y < ny; y++) {
      if (kernel.perPixel) perPixelRow(sum, temp, y, padded, kernel, (y0 + y) * nx + edges.left, rows.length * nx);
      else if (ky === 3 && kx === 3) row3x3(sum, temp, y * padded, padded, kernel.data);
      else sharedRow(sum, temp, y, padded, kernel);
      data.set(sum, base + rows[y0 + y] * nx);
    }
  }
}

/** One row with a shared 3 x 3 kernel: the sum in registers instead of nine passes over the row. */
function row3x3(sum: Float32Array, temp: Float32Array, at: number, padded: number, k: Float32Array): void {
  const f = Math.fround;
  const k0 = k[0];
  const k1 = k[1];
  const k2 = k[2];
  const k3 = k[3];
  const k4 = k[4];
  const k5 = k[5];
  const k6 = k[6];
  const k7 = k[7];
  const k8 = k[8];
  // Element j, i of the kernel meets the neighbour on the opposite side.
  const a = at + 2 * padded;
  const b = at + padded;
  for (let x = 0; x < sum.length; x++) {
    let s = f(k0 * temp[a + x + 2]);
    s = f(s + f(k1 * temp[a + x + 1]));
    s = f(s + f(k2 * temp[a + x]));
    s = f(s + f(k3 * temp[b + x + 2]));
    s = f(s + f(k5 * temp[b + x]));
    s = f(s + f(k6 * temp[at + x + 2]));
    s = f(s + f(k7 * temp[at + x + 1]));
    s = f(s + f(k8 * temp[at + x]));
    sum[x] = f(s + f(k4 * temp[b + x + 1]));
  }
}

function sharedRow(sum: Float32Array, temp: Float32Array, y: number, padded: number, kernel: IpcKernel): void {
  const { ky, kx, data } = kernel;
  const middle = (ky >> 1) * kx + (kx >> 1);
  sum.fill(0);
  for (let j = 0; j < ky; j++)
    for (let i = 0; i < kx; i++)
      if (j * kx + i !== middle) addProduct(sum, temp, (y + ky - j - 1) * padded + kx - i - 1, data[j * kx + i]);
  addProduct(sum, temp, (y + (ky >> 1)) * padded + (kx >> 1), data[middle]);
}

function addProduct(sum: Float32Array, temp: Float32Array, at: number, factor: number): void {
  for (let x = 0; x < sum.length; x++) sum[x] = sum[x] + Math.fround(factor * temp[at + x]);
}

function perPixelRow(
  sum: Float32Array,
  temp: Float32Array,
  y: number,
  padded: number,
  kernel: IpcKernel,
  at: number,
  size: number,
): void {
  const { ky, kx, data } = kernel;
  const middle = (ky >> 1) * kx + (kx >> 1);
  sum.fill(0);
  for (let j = 0; j < ky; j++)
    for (let i = 0; i < kx; i++) {
      const e = j * kx + i;
      if (e !== middle) addProducts(sum, temp, (y + ky - j - 1) * padded + kx - i - 1, data, e * size + at);
    }
  addProducts(sum, temp, (y + (ky >> 1)) * padded + (kx >> 1), data, middle * size + at);
}

function addProducts(sum: Float32Array, temp: Float32Array, at: number, factors: Float32Array, from: number): void {
  for (let x = 0; x < sum.length; x++) sum[x] = sum[x] + Math.fround(factors[from + x] * temp[at + x]);
}

export const convolveTask: Task<IpcPiece, void> = defineTask(import.meta.url, "convolvePlanes", convolvePlanes);
