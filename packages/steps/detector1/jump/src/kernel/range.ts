import type { Thresholds } from "./iterate.js";
import type { Spots } from "./spots.js";

/** `iterative`: one jump after the other; `single`: all at once; `clip-*`: outliers over integrations or of all differences. */
export type Mode = "iterative" | "single" | "clip-integrations" | "clip-all";

/** Pixels [start, end) of a stack of ramps (nints, ngroups, npix). */
export interface RangeArgs extends Thresholds {
  data: Float32Array;
  /** Modified in place. */
  groupdq: Uint8Array;
  /** e-/DN */
  gain: Float32Array;
  /** Correlated double sampling noise [DN]. */
  readnoise: Float32Array;
  nints: number;
  ngroups: number;
  npix: number;
  nrows: number;
  ncols: number;
  start: number;
  end: number;
  nframes: number;
  mode: Mode;
  /** Limits [sigma] of jumps that flag their neighbours; null: none. */
  neighbours: { min: number; max: number } | null;
  /** Pixels [start, end) whose jumps are counted; all when not given. */
  counted?: readonly [number, number] | undefined;
  /** False: without the SIMD kernel; the result is the same. */
  simd?: boolean;
}

/** What a range gives back. */
export interface RangeResult {
  /** Groups flagged as jumps, without the neighbours. */
  jumps: number;
  /** Jumps with neighbours to be flagged outside of the range. */
  spots: Spots;
}
