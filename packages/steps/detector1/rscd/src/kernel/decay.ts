import { defineTask, type Task } from "@calwebb/array";
import { group, pixel } from "@calwebb/dqflags";

const SATURATED = group.SATURATED;

/** One row of the decay table: the parameters of even or of odd rows for a readout pattern and subarray. */
export interface DecayRow {
  /** e-folding time, frames */
  tau: number;
  ascale: number;
  pow: number;
  illum_zp: number;
  illum_slope: number;
  illum2: number;
  param3: number;
  /** DN */
  crossopt: number;
  sat_zp: number;
  sat_slope: number;
  sat2: number;
  sat_mzp: number;
  sat_rowterm: number;
  sat_scale: number;
}

/** How equation 2 of the decay model is read; see {@link decayScale}. */
export type DecayEquation = "documented" | "reciprocal";

/** A MIRI ramp and the decay parameters; arrays row-major. */
export interface DecayArgs {
  /** [nints][ngroups][ny][nx], DN; changed in place. */
  data: Float32Array;
  /** Same shape. */
  groupdq: Uint8Array;
  /** [ny][nx] */
  pixeldq: Uint32Array;
  nints: number;
  ngroups: number;
  ny: number;
  nx: number;
  even: DecayRow;
  odd: DecayRow;
  equation: DecayEquation;
  /** Multiplies the scale: 1, or 0.01 for tables in percent. */
  unit: number;
  /** Frames from one group to the next. */
  framesPerGroup: number;
  /** Row number of the first row of the array on the detector, from 1; row 1 is odd. */
  firstRow: number;
  /** Rows start..end are processed. */
  start: number;
  end: number;
}

/**
 * Scale of the decay after an unsaturated integration:
 * `b1 * counts2^b2 * (1 / exp(counts2 / b3) - 1)` as documented, or `b1 * counts2^b2 / (exp(counts2 / b3) - 1)`.
 * @param last - DN of the last group of the previous integration
 * @param b1 - ascale * (illum_zp + illum_slope N + illum2 N^2)
 * @returns 0 when `last` does not exceed the crossover point
 */
export function decayScale(row: DecayRow, b1: number, last: number, equation: DecayEquation): number {
  const counts = last - row.crossopt;
  if (!(counts > 0) || counts === Infinity) return 0;
  const e = Math.exp(counts / row.param3);
  const factor = equation === "documented" ? 1 / e - 1 : 1 / (e - 1);
  return b1 * counts ** row.pow * factor;
}

/** b1 of equation 2 and the slope of equation 3, which depend on the number of groups only. */
export function groupTerms(row: DecayRow, ngroups: number): { b1: number; slope: number } {
  const n2 = ngroups * ngroups;
  return {
    b1: row.ascale * (row.illum_zp + row.illum_slope * ngroups + row.illum2 * n2),
    slope: row.sat_zp + row.sat_slope * ngroups + row.sat2 * n2 + row.sat_rowterm,
  };
}

/**
 * What the last group would be, from a straight line through the unsaturated groups between the first and the last
 * (x = 0 at the second group); undefined with fewer than three of them.
 */
export function extrapolateLast(
  data: Float32Array,
  dq: Uint8Array,
  at: number,
  npix: number,
  ngroups: number,
): number | undefined {
  let n = 0;
  let sx = 0;
  let sy = 0;
  let sxx = 0;
  let sxy = 0;
  for (let g = 1; g < ngroups - 1; g++) {
    const i = at + g * npix;
    if ((dq[i] & SATURATED) !== 0) continue;
    const x = g - 1;
    n++;
    sx += x;
    sy += data[i];
    sxx += x * x;
    sxy += x * data[i];
  }
  if (n < 3) return undefined;
  const d = n * sxx - sx * sx;
  const slope = (n * sxy - sx * sy) / d;
  const intercept = (sxx * sy - sx * sxy) / d;
  return slope === 0 ? undefined : slope * (ngroups - 2) + intercept;
}

/**
 * Add the reset switch charge decay to rows start..end of all integrations but the first, in place:
 * `+ last * scale * exp(-T / tau)`, T in frames since the last group of the previous integration. The last group suffers
 * from the last-frame effect, so its value is extrapolated from the two groups before it. Each integration is
 * corrected with the previous one as observed, so integrations are done from the last to the second.
 */
export function correctDecay(a: DecayArgs): void {
  const { data, groupdq, pixeldq, nints, ngroups, ny, nx, equation, unit, framesPerGroup } = a;
  const npix = ny * nx;
  for (let y = a.start; y < a.end; y++) {
    const row = (a.firstRow + y) % 2 === 0 ? a.even : a.odd;
    const { b1, slope } = groupTerms(row, ngroups);
    const decay = new Float64Array(ngroups);
    for (let g = 0; g < ngroups; g++) decay[g] = Math.exp(-(g * framesPerGroup + 1) / row.tau);
    for (let i = nints - 1; i > 0; i--)
      for (let x = 0; x < nx; x++) {
        const p = y * nx + x;
        if ((pixeldq[p] & pixel.REFERENCE_PIXEL) !== 0) continue;
        const before = (i - 1) * ngroups * npix + p;
        const two = data[before + (ngroups - 2) * npix];
        const last = two + (two - data[before + (ngroups - 3) * npix]);
        let saturated = false;
        for (let g = 1; g < ngroups - 1; g++) if ((groupdq[before + g * npix] & SATURATED) !== 0) saturated = true;
        let scale: number;
        if (saturated) {
          const counts = row.sat_scale * (extrapolateLast(data, groupdq, before, npix, ngroups) ?? last);
          scale = slope * counts + row.sat_mzp;
        } else scale = decayScale(row, b1, last, equation);
        const amount = last * scale * unit;
        if (!Number.isFinite(amount)) continue;
        const to = i * ngroups * npix + p;
        for (let g = 0; g < ngroups; g++) data[to + g * npix] += amount * decay[g];
      }
  }
}

/** {@link correctDecay} for the executor. */
export const correctDecayTask: Task<DecayArgs, void> = defineTask(import.meta.url, "correctDecay", correctDecay);
