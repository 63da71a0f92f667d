import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { clipLimits } from "./clip.js";
import { medianOfSorted, sortFirst } from "./sort.js";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;

/** Whether the counts of a group take part in the search for showers. */
export function takesPart(flags: number, searched: boolean): boolean {
  if (searched && (flags & (DO_NOT_USE | SATURATED)) !== 0) return false;
  return !(
    flags === SATURATED ||
    flags === JUMP_DET ||
    flags === DO_NOT_USE ||
    flags === (JUMP_DET | DO_NOT_USE) ||
    flags === (SATURATED | DO_NOT_USE)
  );
}

/** Pixels [start, end) of a stack of ramps. */
export interface LevelArgs {
  data: Float32Array;
  groupdq: Uint8Array;
  gain: Float32Array;
  readnoise: Float32Array;
  nints: number;
  ngroups: number;
  npix: number;
  start: number;
  end: number;
  nframes: number;
  /** Whether the two-point method ran, which leaves saturated and unusable groups out. */
  searched: boolean;
  /** One level per group (sigma clipping over integrations) instead of one per pixel. */
  perGroup: boolean;
  /** Receives the levels and their standard deviations [e-/group]: (planes, npix), planes = perGroup ? ngroups - 1 : 1. */
  level: Float32Array;
  sigma: Float32Array;
}

/** First difference between group `g` and the one before [e-], float32; NaN where one of them does not take part. */
export function showerDifference(
  a: Pick<LevelArgs, "data" | "groupdq" | "npix" | "searched">,
  gain: number,
  at: number,
): number {
  const { data, groupdq, npix } = a;
  if (!takesPart(groupdq[at], a.searched) || !takesPart(groupdq[at - npix], a.searched)) return Number.NaN;
  return Math.fround(Math.fround(data[at] * gain) - Math.fround(data[at - npix] * gain));
}

/** Sigma clipping limit for the levels of groups over integrations. */
const CLIP = 5;

/** Levels of a range of pixels: median difference and its noise, or clipped median and standard deviation of each group. */
export function measureLevels(a: LevelArgs): void {
  const { gain, readnoise, nints, ngroups, npix, level, sigma } = a;
  const f = Math.fround;
  const scratch = new Float64Array(nints * (ngroups - 1));
  const parts = Uint8Array.from({ length: 256 }, (_, flags) => (takesPart(flags, a.searched) ? 1 : 0));
  for (let p = a.start; p < a.end; p++) {
    if (a.perGroup) {
      for (let g = 1; g < ngroups; g++) {
        const [median, std] = clippedLevel(a, p, g, scratch);
        level[(g - 1) * npix + p] = median;
        sigma[(g - 1) * npix + p] = std;
      }
      continue;
    }
    const n = validDifferences(a, parts, p, scratch);
    sortFirst(scratch, n);
    const median = middle32(scratch, n);
    const noise = f(readnoise[p] * gain[p]);
    level[p] = median;
    sigma[p] = f(Math.sqrt(f(Math.abs(median) + f(f(noise * noise) / a.nframes))));
  }
}

/** The differences of a pixel that are not NaN into `out`; gives how many. `parts` says which flags take part. */
function validDifferences(a: LevelArgs, parts: Uint8Array, p: number, out: Float64Array): number {
  const { data, groupdq, nints, ngroups, npix } = a;
  const f = Math.fround;
  const gain = a.gain[p];
  let n = 0;
  let at = p;
  for (let i = 0; i < nints; i++) {
    let before = Number.NaN;
    for (let g = 0; g < ngroups; g++, at += npix) {
      const value = parts[groupdq[at]] !== 0 ? f(data[at] * gain) : Number.NaN;
      // NaN, as that of the first group, is not below anything.
      const d = f(value - before);
      if (d <= Number.POSITIVE_INFINITY) out[n++] = d;
      before = value;
    }
  }
  return n;
}

/** Median of sorted float32 values, with the mean of the middle two rounded as float32. */
function middle32(sorted: Float64Array, n: number): number {
  if (n === 0 || n % 2 === 1) return medianOfSorted(sorted, n);
  return Math.fround(Math.fround(sorted[n / 2 - 1] + sorted[n / 2]) / 2);
}

/** Median and standard deviation of one group over integrations after clipping, in float32. */
function clippedLevel(a: LevelArgs, p: number, g: number, scratch: Float64Array): [number, number] {
  const { gain, nints, ngroups, npix } = a;
  const f = Math.fround;
  const valueAt = (i: number): number => showerDifference(a, gain[p], (i * ngroups + g) * npix + p);
  let n = 0;
  for (let i = 0; i < nints; i++) {
    const d = valueAt(i);
    if (Number.isFinite(d)) scratch[n++] = d;
  }
  const [low, high] = clipLimits(scratch, n, CLIP);
  let kept = 0;
  let sum = 0;
  for (let i = 0; i < nints; i++) {
    const d = valueAt(i);
    if (!(d >= low && d <= high)) continue;
    scratch[kept++] = d;
    sum = f(sum + d);
  }
  const mean = f(sum / kept);
  let squares = 0;
  for (let k = 0; k < kept; k++) {
    const e = f(scratch[k] - mean);
    squares = f(squares + f(e * e));
  }
  sortFirst(scratch, kept);
  return [middle32(scratch, kept), f(Math.sqrt(f(squares / kept)))];
}

/** {@link measureLevels} for the executor. */
export const levelTask: Task<LevelArgs, void> = defineTask(import.meta.url, "measureLevels", measureLevels);
