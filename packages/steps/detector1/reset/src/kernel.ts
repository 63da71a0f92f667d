import { defineTask, type Task } from "@calwebb/array";

/** A MIRI ramp and a reset reference with the same pixels; arrays row-major. */
export interface ResetArgs {
  /** [*][ngroups][npix], DN; changed in place. */
  data: Float32Array;
  /** [*][resetNgroups][npix], DN; NaN counts as zero; not modified. */
  reset: Float32Array;
  ngroups: number;
  resetNgroups: number;
  npix: number;
  /** Integration of `data` that is corrected. */
  integration: number;
  /** Integration of `reset` that is subtracted. */
  from: number;
  /** How many groups, from the first, are corrected. */
  correct: number;
}

/** Subtract the reset anomaly from the first groups of one integration, in place. */
export function subtractReset(a: ResetArgs): void {
  const { data, reset, npix } = a;
  for (let g = 0; g < a.correct; g++) {
    const to = (a.integration * a.ngroups + g) * npix;
    const from = (a.from * a.resetNgroups + g) * npix;
    for (let p = 0; p < npix; p++) {
      const v = reset[from + p];
      if (!Number.isNaN(v)) data[to + p] -= v;
    }
  }
}

/** {@link subtractReset} for the executor. */
export const subtractResetTask: Task<ResetArgs, void> = defineTask(import.meta.url, "subtractReset", subtractReset);
