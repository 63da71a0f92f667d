/** How pixels are weighted: inverse of the read noise variance, inverse of the sky variance, exposure time, all alike. */
export type WeightType = "ivm" | "ivm-sky" | "exptime" | null;

/** Input of {@link drizzleWeight}. */
export interface WeightArgs {
  /** Result, [npix]. */
  weight: Float32Array;
  /** Flags, null: all pixels are good. */
  dq: Uint32Array | null;
  /** Flags that do not matter; undefined: none matters. */
  goodBits: number | undefined;
  /** Read noise or sky variance, for the inverse-variance types; null: 1 everywhere. */
  variance: Float32Array | null;
  /** The same for every good pixel, when there is no variance (an exposure time). */
  constant: number;
  start: number;
  end: number;
}

/** Weights of the pixels start..end: 0 for flagged pixels and for variances that are zero or not finite. */
export function drizzleWeight(a: WeightArgs): void {
  const { weight, dq, variance } = a;
  const bad = a.goodBits === undefined ? 0 : ~a.goodBits;
  const constant = Math.fround(a.constant);
  for (let p = a.start; p < a.end; p++) {
    if (dq !== null && (dq[p] & bad) !== 0) {
      weight[p] = 0;
      continue;
    }
    if (variance === null) {
      weight[p] = constant;
      continue;
    }
    const w = Math.fround(1 / variance[p]);
    weight[p] = w - w === 0 ? w : 0;
  }
}
