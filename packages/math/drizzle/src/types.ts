import type { GridSurface } from "./surface.js";
import type { WeightSource } from "./weight.js";

/** How the flux of an input pixel is spread over the output. */
export type KernelName = "square" | "gaussian" | "point" | "turbo" | "lanczos2" | "lanczos3";

export const KERNELS: readonly KernelName[] = ["square", "gaussian", "point", "turbo", "lanczos2", "lanczos3"];

/** Where the pixels of an image fall on another one: positions of pixel centres, counted from 0; NaN: nowhere. */
export interface PixelMap {
  /** [ny][nx] */
  x: Float64Array;
  /** [ny][nx] */
  y: Float64Array;
  nx: number;
  ny: number;
}

/** Positions as surfaces through few of them; so that workers can take it, it is plain data. */
export interface SurfaceMap {
  nx: number;
  ny: number;
  /** First column and row of the surfaces; there are no positions outside of them. */
  x0: number;
  y0: number;
  /** Rows that they cover. */
  height: number;
  surfaces: { readonly x: GridSurface; readonly y: GridSurface };
}

/** Where the pixels of an image fall on another one: every position, or how to find it. */
export type Positions = PixelMap | SurfaceMap;

/** What positions tell in common: which rows of the output each row of the input may touch. */
export interface MapExtent {
  /** [ny] no y of a row is lower or higher; +Infinity, -Infinity for a row without positions. */
  rowLow: Float64Array;
  rowHigh: Float64Array;
  /** No x of any row is lower or higher. */
  xLow: number;
  xHigh: number;
  /** No step in y or x between neighbouring pixels of one row or column is larger. */
  stretch: number;
}

/** One kind of variance: what comes in, and the sums over exposures that go on. */
export interface VarianceSums {
  /** [ny][nx] of the input, null when the exposure has none. */
  variance: Float32Array | null;
  /** [ony][onx] sum of variance times weight squared; NaN where nothing has been added. */
  sum: Float32Array;
  /** [ony][onx] sum of the weights. */
  total: Float32Array;
}

/** One exposure and the rows of the output that it is added to. */
export interface DrizzleBand {
  /** [ny][nx] */
  data: Float32Array;
  /** Subtracted from the data. */
  level: number;
  /** [ny][nx], or how they are found; 0: the pixel does not count. */
  weight: Float32Array | WeightSource;
  map: Positions;
  extent: MapExtent;
  /** [2 ny] first and last column of each input row that count; see {@link scanLimits}. */
  limits: Int32Array;
  kernel: KernelName;
  /** Side of the drop in units of the input pixel, 0 to 1. */
  pixfrac: number;
  /** Side of an output pixel over side of an input pixel; scales every kernel but square and point. */
  scaleRatio: number;
  /** Factor on the data. */
  factor: number;
  /** [ony][onx] weighted mean so far. */
  out: Float32Array;
  /** [ony][onx] sum of weights so far. */
  wht: Float32Array;
  /** [ony][onx] plane of the context, or null. */
  con: Int32Array | null;
  /** Bit of this exposure in the plane. */
  bit: number;
  /** [ny][nx] errors, combined like the data into `outErr`. */
  err: Float32Array | null;
  outErr: Float32Array | null;
  /** [ny][nx] flags, united into `outDq`. */
  dq: Uint32Array | null;
  outDq: Uint32Array | null;
  variances: readonly VarianceSums[];
  /**
   * Weight of the resampled variances: undefined: one over the first of `variances`; a number: that number.
   */
  varianceWeight: number | undefined;
  onx: number;
  ony: number;
  /** Rows of the output to work on: [start, end). */
  start: number;
  end: number;
  /** Use the TypeScript kernel even where WASM SIMD is there; the results are the same. */
  plain?: boolean;
}
