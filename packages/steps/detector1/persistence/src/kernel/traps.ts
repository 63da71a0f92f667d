import { group } from "@calwebb/dqflags";

const { JUMP_DET, SATURATED } = group;

/** Parameters of one family of charge traps. */
export interface TrapFamily {
  /** Coefficient of exponential capture. */
  capture0: number;
  /** Minus the reciprocal of the capture e-folding time, 1/s. */
  capture1: number;
  /** Coefficient of instantaneous capture. */
  capture2: number;
  /** Minus the reciprocal of the decay e-folding time, 1/s. */
  decay: number;
}

/** Charge freed by a trap moves the detector twice as far as charge made by a photon. */
const GAIN = 2;

/** Fraction of filled traps that release their charge in `dt` seconds; 0 for a family that does not decay. */
export function decayFraction(family: TrapFamily, dt: number): number {
  return family.decay === 0 ? 0 : 1 - Math.exp(-dt * Math.abs(family.decay));
}

/**
 * Slope of a ramp [DN per group] from the differences of its groups: sorted, with as many of the largest left out as groups
 * are saturated (from group 2 on) or hit by cosmic rays; the mean of the rest, 0 when none is left. A one-group ramp gives
 * its value.
 * @param data - one integration [ngroups][npix]
 * @param out - [npix], receives the slopes
 */
export function groupSlopes(
  data: Float32Array,
  groupdq: Uint8Array,
  ngroups: number,
  npix: number,
  out: Float32Array,
): void {
  if (ngroups === 1) {
    out.set(data.subarray(0, npix));
    return;
  }
  const n = ngroups - 1;
  let largest = -Infinity;
  for (let i = 0; i < n * npix; i++) {
    const d = Math.fround(data[i + npix] - data[i]);
    if (d > largest) largest = d;
  }
  const huge = Math.max(2 * largest, 1e5);
  const diff = new Float32Array(n);
  for (let p = 0; p < npix; p++) {
    let drop = (groupdq[p] & JUMP_DET) !== 0 ? 1 : 0;
    for (let g = 1; g < ngroups; g++) {
      const i = g * npix + p;
      const sat = (groupdq[i] & SATURATED) !== 0;
      if (sat) drop++;
      if ((groupdq[i] & JUMP_DET) !== 0) drop++;
      diff[g - 1] = sat ? huge : data[i] - data[i - npix];
    }
    const keep = n - drop;
    if (keep <= 0) {
      out[p] = 0;
      continue;
    }
    if (drop > 0) diff.sort();
    let sum = 0;
    for (let g = 0; g < keep; g++) sum = Math.fround(sum + diff[g]);
    out[p] = sum / keep;
  }
}

/** Traps filled while the ramp rises steadily for `dt` seconds; slope in fractions of full well per second. */
export function rampCapture(family: TrapFamily, density: number, slope: number, dt: number): number {
  const { capture0: a, capture2: c } = family;
  const tau = family.capture1 === 0 ? 1e10 : 1 / Math.abs(family.capture1);
  const smooth = (dt * dt * (a + c)) / 2 + a * (dt * tau + tau * tau) * Math.exp(-dt / tau) - a * tau * tau;
  return GAIN * density * slope * slope * smooth;
}

/**
 * Traps filled by the end of an integration that was saturated for `time` seconds, given those filled before.
 * @param whole - saturated from the first group on: the instantaneous traps are filled at once
 */
export function saturationCapture(
  family: TrapFamily,
  density: number,
  filled: number,
  time: number,
  whole: boolean,
): number {
  const before = whole ? density * family.capture2 : filled;
  const empty = density * family.capture0 - (before - density * family.capture2);
  return before + empty * (1 - Math.exp(-Math.abs(family.capture1) * time));
}

/** Traps filled by a cosmic ray of `jump` DN that hit `dt` seconds before the end of the integration. */
export function jumpCapture(family: TrapFamily, density: number, jump: number, dt: number): number {
  if (!(jump > 0)) return 0;
  return GAIN * density * jump * (family.capture0 * (1 - Math.exp(-Math.abs(family.capture1) * dt)) + family.capture2);
}
