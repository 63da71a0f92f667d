import type { Executor } from "@calwebb/array";
import type { KernelName, WeightType } from "@calwebb/drizzle";

/** Where what happens is said. */
export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
}

/** How exposures are combined. */
export interface ResampleOptions {
  kernel: KernelName;
  pixfrac: number;
  /** Text of the value of pixels without data. */
  fillval: string;
  weightType: WeightType;
  /** DQ flags that do not matter, as text (`~DO_NOT_USE`) or number. */
  goodBits: string | number | null;
  /** Make the context: which exposures went into which pixel. */
  context: boolean;
  /** "variance": resample the variances and make the error of them; "drizzle": resample the errors; null: no error. */
  error: "variance" | "drizzle" | null;
  propagateDq: boolean;
  /** Evaluate the WCS every so many pixels and interpolate. */
  pixmapStep: number;
  pixmapOrder: number;
  /** How many exposures there will be. */
  count: number;
}

/** What the resampler needs of the run. */
export interface ResampleEnvironment {
  executor: Executor;
  signal?: AbortSignal;
  log: Log;
  /** Bytes that may be used. */
  memoryBudget?: number;
}

/** Exposure times of all pointings together. */
export interface Times {
  pointings: number;
  exposureTime: number;
  /** Undefined unless every pointing has one. */
  measurementTime: number | undefined;
  startTime: number | undefined;
  endTime: number | undefined;
  duration: number;
}

export const VARIANCES = ["var_rnoise", "var_flat", "var_poisson"] as const;
export type VarianceName = (typeof VARIANCES)[number];

/** The combined image. All arrays are [ny][nx], the context [planes][ny][nx]. */
export interface Resampled {
  data: Float32Array;
  wht: Float32Array;
  con: Int32Array | undefined;
  planes: number;
  dq: Uint32Array | undefined;
  err: Float32Array | undefined;
  variances: Partial<Record<VarianceName, Float32Array>>;
  times: Times;
}
