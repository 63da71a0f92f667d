/** How pixels are weighted: inverse of the read noise variance, inverse of the sky variance, exposure time, all alike. */
export type WeightType = "ivm" | "ivm-sky" | "exptime" | null;

/** How weights are found. */
export interface WeightSource {
  /** Flags, null: all pixels are good. */
  dq: Uint32Array | null;
  /** Flags that do not matter; undefined: none matters. */
  goodBits: number | undefined;
  /** Read noise or sky variance, for the inverse-variance types; null: 1 everywhere. */
  variance: Float32Array | null;
  /** The same for every good pixel, when there is no variance (an exposure time). */
  constant: number;
}

/** Weights of the pixels start..end into the beginning of `out`: 0 for flagged pixels and for variances that are zero or not finite. */
export function drizzleWeight(source: WeightSource, start: number, end: number, out: Float32Array): void {
  const { dq, variance } = source;
  const bad = source.goodBits === undefined ? 0 : ~source.goodBits;
  if (variance === null) out.fill(source.constant, 0, end - start);
  else
    for (let p = start, k = 0; p < end; p++, k++) {
      const w = Math.fround(1 / variance[p]);
      out[k] = w - w === 0 ? w : 0;
    }
  if (dq !== null) for (let p = start, k = 0; p < end; p++, k++) if ((dq[p] & bad) !== 0) out[k] = 0;
}

/** Weights of the pixels start..end, given or to be found, into the beginning of `out`. */
export function takeWeight(weight: Float32Array | WeightSource, start: number, end: number, out: Float32Array): void {
  if (weight instanceof Float32Array) out.set(weight.subarray(start, end));
  else drizzleWeight(weight, start, end, out);
}
