import { defineTask, type Task } from "@calwebb/array";
import { addFlags, subtractPlanes } from "@calwebb/planes";

/** A ramp and a dark with the same pixels; arrays row-major. */
export interface DarkArgs {
  /** [nints][ngroups][npix], DN; the dark is subtracted in place. */
  data: Float32Array;
  /** [darkNints][darkNgroups][npix], DN; NaN counts as zero; not modified. */
  dark: Float32Array;
  /** Null, or [darkNints][ngroups][npix]: receives the dark that was subtracted. */
  used: Float32Array | null;
  nints: number;
  ngroups: number;
  npix: number;
  darkNints: number;
  darkNgroups: number;
  /** Integration of the dark for every integration of the ramp. */
  darkOf: readonly number[];
  /** How many integrations of the dark `used` receives. */
  keep: number;
  /** Dark groups averaged into one group of the ramp. */
  average: number;
  /** Dark groups from the start of one group of the ramp to the next. */
  stride: number;
  /** Whether groups past the end of the dark continue its last difference. */
  extrapolate: boolean;
  /** Flags of the pixels, changed in place, and those of the dark that are added. */
  flags?: { pixeldq: Uint32Array; dark: Uint32Array };
  /** Pixels start..end are processed. */
  start: number;
  end: number;
}

const RUN = 2048;

/**
 * One frame of a dark, pixels s..e, into `out`: NaN becomes 0, and a frame past the last continues the straight line
 * through the last two (its difference rounded to float32, the rest in double precision).
 */
export function darkFrame(
  a: DarkArgs,
  integration: number,
  frame: number,
  s: number,
  e: number,
  out: Float64Array,
): void {
  const { dark, darkNgroups, npix } = a;
  const base = integration * darkNgroups * npix;
  if (frame < darkNgroups) {
    const at = base + frame * npix;
    for (let p = s; p < e; p++) {
      const v = dark[at + p];
      out[p - s] = !Number.isNaN(v) ? v : 0;
    }
    return;
  }
  const steps = frame - darkNgroups + 1;
  const at = base + (darkNgroups - 1) * npix;
  for (let p = s; p < e; p++) {
    const v = steps * Math.fround(dark[at + p] - dark[at - npix + p]) + dark[at + p];
    out[p - s] = !Number.isNaN(v) ? v : 0;
  }
}

/** The dark of one group of the ramp, pixels s..e: a frame, or the mean of `average` frames. */
function darkGroup(
  a: DarkArgs,
  integration: number,
  g: number,
  s: number,
  e: number,
  out: Float64Array,
  one: Float64Array,
): void {
  const first = g * a.stride;
  if (a.average === 1) {
    darkFrame(a, integration, first, s, e, out);
    // Averaged darks are stored in float32, also when a "mean" is one frame.
    if (a.stride !== 1) for (let i = 0; i < e - s; i++) out[i] = Math.fround(out[i]);
    return;
  }
  // A short dark ends the mean early; extended darks are double precision throughout.
  const last = a.extrapolate ? first + a.average : Math.min(first + a.average, a.darkNgroups);
  const n = last - first;
  darkFrame(a, integration, first, s, e, out);
  for (let k = first + 1; k < last; k++) {
    darkFrame(a, integration, k, s, e, one);
    if (a.extrapolate) for (let i = 0; i < e - s; i++) out[i] += one[i];
    else for (let i = 0; i < e - s; i++) out[i] = Math.fround(out[i] + one[i]);
  }
  for (let i = 0; i < e - s; i++) out[i] = Math.fround(out[i] / n);
}

/**
 * Subtract the dark from pixels start..end of all groups and integrations, in place.
 * @throws {RangeError} when a group needs dark frames that do not exist and `extrapolate` is false
 */
export function subtractDark(a: DarkArgs): void {
  const { ngroups, darkNgroups, flags, start, end } = a;
  if (!a.extrapolate && (ngroups - 1) * a.stride >= darkNgroups)
    throw new RangeError(`group ${ngroups} needs dark group ${(ngroups - 1) * a.stride + 1} of ${darkNgroups}`);
  // As it is, frame by frame, as far as the dark goes.
  const plain = a.used === null && a.average === 1 && a.stride === 1 ? Math.min(ngroups, darkNgroups) : 0;
  if (plain > 0) subtractFrames(a, plain);
  if (plain < ngroups) subtractGroups(a, plain);
  if (flags !== undefined) addFlags(flags.pixeldq, flags.dark, start, end);
}

/** The first groups of all integrations, each less the frame of the dark of the same number. */
function subtractFrames(a: DarkArgs, groups: number): void {
  const levelOf = a.darkOf.flatMap((d) =>
    Array.from({ length: a.ngroups }, (_, g) => (g < groups ? d * a.darkNgroups + g : -1)),
  );
  subtractPlanes({ data: a.data, level: a.dark, size: a.npix, levelOf, start: a.start, end: a.end });
}

/** The groups from `first` on, each less frames that are averaged or extrapolated. */
function subtractGroups(a: DarkArgs, first: number): void {
  const { data, used, nints, ngroups, npix, darkOf } = a;
  const level = new Float64Array(RUN);
  const one = new Float64Array(RUN);
  const integrations = [...new Set([...darkOf, ...Array.from({ length: a.keep }, (_, i) => i)])];
  for (let s = a.start; s < a.end; s += RUN) {
    const e = Math.min(a.end, s + RUN);
    for (const d of integrations)
      for (let g = first; g < ngroups; g++) {
        darkGroup(a, d, g, s, e, level, one);
        for (let i = 0; i < nints; i++)
          if (darkOf[i] === d) subtractRun(data, (i * ngroups + g) * npix + s, e - s, level);
        if (used !== null && d < a.keep) used.set(level.subarray(0, e - s), (d * ngroups + g) * npix + s);
      }
  }
}

function subtractRun(data: Float32Array, at: number, n: number, level: Float64Array): void {
  for (let i = 0; i < n; i++) data[at + i] -= level[i];
}

/** {@link subtractDark} for the executor. */
export const subtractDarkTask: Task<DarkArgs, void> = defineTask(import.meta.url, "subtractDark", subtractDark);

/**
 * Number of dark groups that are missing for a ramp (0 when there are enough): both are counted in frames.
 */
export function missingGroups(
  ramp: { ngroups: number; nframes: number; groupgap: number },
  dark: { ngroups: number; nframes: number; groupgap: number },
): number {
  const frames = (x: { ngroups: number; nframes: number; groupgap: number }) =>
    x.ngroups * x.nframes + (x.ngroups - 1) * x.groupgap;
  const lack = frames(ramp) - frames(dark);
  return lack > 0 ? Math.ceil((lack + dark.groupgap) / (dark.nframes + dark.groupgap)) : 0;
}
