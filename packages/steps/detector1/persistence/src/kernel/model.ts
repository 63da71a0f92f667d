import { defineTask, type Task } from "@calwebb/array";
import { group, pixel } from "@calwebb/dqflags";
import { decayFraction, groupSlopes, jumpCapture, rampCapture, saturationCapture, type TrapFamily } from "./traps.js";

/** One integration and the state of the traps of the same pixels; arrays row-major. */
export interface TrapArgs {
  /** [nints][ngroups][npix], DN; the persistence is subtracted in place. */
  data: Float32Array;
  groupdq: Uint8Array;
  /** [npix]; PERSISTENCE is added where the correction reaches `cutoff`. */
  pixeldq: Uint32Array;
  /** [nints][ngroups][npix] or null: receives what was subtracted. */
  subtracted: Float32Array | null;
  /** [families][npix], filled traps; changed in place. */
  filled: Float32Array;
  /** [npix] relative trap density, 0 where unknown */
  density: Float32Array;
  /** [npix] full well [DN]; 0 where it must not be used */
  fullWell: Float32Array;
  families: readonly TrapFamily[];
  nints: number;
  ngroups: number;
  npix: number;
  /** Seconds */
  frameTime: number;
  /** Seconds */
  groupTime: number;
  /** Resets before the first integration, and before each later one. */
  resetsAtStart: number;
  resetsBetween: number;
  /** DN; null: nothing is flagged. */
  cutoff: number | null;
}

/** Decay during the group times of one integration: subtract the released charge from the ramp. */
function release(a: TrapArgs, integration: number): void {
  const { data, pixeldq, subtracted, filled, families, ngroups, npix } = a;
  const cutoff = a.cutoff ?? Infinity;
  if (integration > 0 && a.resetsBetween > 0)
    families.forEach((family, k) => {
      const fraction = decayFraction(family, a.frameTime * a.resetsBetween);
      for (let p = k * npix; p < (k + 1) * npix; p++) filled[p] -= filled[p] * fraction;
    });
  const fractions = families.map((family) => decayFraction(family, a.groupTime));
  const total = new Float64Array(npix);
  for (let g = 0; g < ngroups; g++) {
    for (let k = 0; k < families.length; k++)
      for (let p = 0; p < npix; p++) {
        const freed = filled[k * npix + p] * fractions[k];
        filled[k * npix + p] -= freed;
        total[p] += freed;
      }
    const at = (integration * ngroups + g) * npix;
    for (let p = 0; p < npix; p++) {
      data[at + p] -= total[p];
      if (total[p] >= cutoff) pixeldq[p] |= pixel.PERSISTENCE;
    }
    if (subtracted !== null) subtracted.set(total, at);
  }
}

/** Capture during one integration: traps filled by the ramp, by saturation and by cosmic rays. */
function capture(a: TrapArgs, integration: number, slopes: Float32Array): void {
  const { groupdq, data, density, fullWell, filled, families, ngroups, npix, groupTime } = a;
  const resets = integration === 0 ? a.resetsAtStart : a.resetsBetween;
  const time = ngroups * groupTime + resets * a.frameTime;
  const base = integration * ngroups * npix;
  for (let p = 0; p < npix; p++) {
    const full = fullWell[p];
    let above = 0;
    if (full > 0) for (let g = 0; g < ngroups; g++) if (data[base + g * npix + p] > full) above++;
    const slope = full > 0 ? slopes[p] / (full * groupTime) : 0;
    const saturated = above * groupTime;
    for (let k = 0; k < families.length; k++) {
      const family = families[k];
      let traps = rampCapture(family, density[p], slope, time - saturated);
      if (above > 0) traps = saturationCapture(family, density[p], traps, saturated, above === ngroups);
      for (let g = 1; g < ngroups; g++) {
        const i = base + g * npix + p;
        if ((groupdq[i] & group.JUMP_DET) === 0) continue;
        const jump = data[i] - data[i - npix] - slopes[p];
        traps += jumpCapture(family, density[p], jump, (ngroups - g - 0.5) * groupTime);
      }
      if (Number.isFinite(traps)) filled[k * npix + p] += traps;
    }
  }
}

/**
 * Subtract the persistence that filled traps release, and follow the state of the traps to the end of the exposure, in
 * place. Integration by integration: the slope is measured first; released charge accumulates from group to group like the
 * ramp does; traps filled by the integration are added at its end.
 */
export function followTraps(a: TrapArgs): void {
  const slopes = new Float32Array(a.npix);
  const size = a.ngroups * a.npix;
  for (let i = 0; i < a.nints; i++) {
    groupSlopes(
      a.data.subarray(i * size, (i + 1) * size),
      a.groupdq.subarray(i * size, (i + 1) * size),
      a.ngroups,
      a.npix,
      slopes,
    );
    release(a, i);
    capture(a, i, slopes);
  }
}

/** {@link followTraps} for the executor. */
export const followTrapsTask: Task<TrapArgs, void> = defineTask(import.meta.url, "followTraps", followTraps);

/** Let traps [families][npix] decay for `dt` seconds, in place: the time between two exposures. */
export function decayTraps(filled: Float32Array, families: readonly TrapFamily[], npix: number, dt: number): void {
  families.forEach((family, k) => {
    const fraction = decayFraction(family, dt);
    for (let p = k * npix; p < (k + 1) * npix; p++) filled[p] -= filled[p] * fraction;
  });
}
