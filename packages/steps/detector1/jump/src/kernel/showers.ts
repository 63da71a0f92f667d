import { allocate, defineTask, splitRange, type Task } from "@calwebb/array";
import { group, pixel } from "@calwebb/dqflags";
import { maskRuns, Runs } from "@calwebb/regions";
import { type Event, findEvents, flagEvent } from "./events.js";
import { countUsable } from "./planes.js";
import { makeRing, RingMean } from "./ring.js";
import { flagsOf } from "./rows.js";
import type { JumpRamp, ShowerSettings } from "./settings.js";
import { type LevelArgs, levelTask, showerDifference } from "./shower-levels.js";
import { executorFor, type Running } from "./two-point.js";

const { DO_NOT_USE, SATURATED, JUMP_DET } = group;
const UNUSABLE = DO_NOT_USE | SATURATED | JUMP_DET;

/** Groups per piece of work. */
const GROUPS = 4;
/** Differences needed to look for showers. */
const MINIMUM_DIFFERENCES = 10;

/** Groups [from, to) of one integration in which showers are sought. */
export interface ShowerArgs extends Omit<LevelArgs, "start" | "end" | "readnoise"> {
  pixeldq: Uint32Array;
  integration: number;
  from: number;
  to: number;
  nrows: number;
  ncols: number;
  settings: ShowerSettings;
}

/** Showers of one group. */
export interface ShowerGroup {
  integration: number;
  group: number;
  events: Event[];
}

/**
 * Showers in groups of one integration: regions where the difference from the level, in sigma, averaged over a ring, is above the
 * threshold. Nothing is flagged yet.
 */
export function findShowers(a: ShowerArgs): ShowerGroup[] {
  const { groupdq, pixeldq, gain, ngroups, npix, nrows, ncols, settings, level, sigma } = a;
  const base = a.integration * ngroups * npix;
  const ring = new RingMean(nrows, ncols, makeRing(settings.innerRadius, settings.width));
  const ratio = new Float32Array(npix);
  const smooth = new Float64Array(npix);
  const above = new Uint8Array(npix);
  const runs = new Runs();
  let first = 0;
  for (let g = 0; g < ngroups; g++) {
    const unused = unusedPlane(groupdq, pixeldq, base + g * npix);
    if (!unused) {
      first = g;
      break;
    }
  }
  const out: ShowerGroup[] = [];
  for (let g = Math.max(first + 1, a.from); g < a.to; g++) {
    const plane = base + g * npix;
    const levels = a.perGroup ? (g - 1) * npix : 0;
    for (let p = 0; p < npix; p++) {
      const flags = groupdq[plane + p] | pixeldq[p];
      if ((flags & UNUSABLE) !== 0 || pixeldq[p] === pixel.REFERENCE_PIXEL) {
        ratio[p] = Number.NaN;
        continue;
      }
      const d = showerDifference(a, gain[p], plane + p);
      ratio[p] = Math.abs(Math.fround(d - level[levels + p])) / sigma[levels + p];
    }
    ring.mean(ratio, smooth);
    for (let p = 0; p < npix; p++) above[p] = smooth[p] > settings.snr ? 1 : 0;
    const events = findEvents(maskRuns(above, 0, nrows, ncols, runs), settings.minArea);
    if (events.length > 0) out.push({ integration: a.integration, group: g, events });
  }
  return out;
}

/** Whether no pixel of a plane is usable; reference pixels are not. */
function unusedPlane(groupdq: Uint8Array, pixeldq: Uint32Array, plane: number): boolean {
  for (let p = 0; p < pixeldq.length; p++)
    if ((groupdq[plane + p] & DO_NOT_USE) === 0 && pixeldq[p] !== pixel.REFERENCE_PIXEL) return false;
  return true;
}

/** {@link findShowers} for the executor. */
export const showerTask: Task<ShowerArgs, ShowerGroup[]> = defineTask(import.meta.url, "findShowers", findShowers);

/** Result of the search for showers; undefined when there were too few differences. */
export type ShowerCount = number | undefined;

/**
 * Find showers in all integrations and flag them in `groupdq`, in place. Flags of a pixel whose mean difference they would
 * change by more than a shower can are taken back.
 * @param searched - whether the two-point method ran before
 * @returns the number of showers, undefined when there are too few differences to look for them
 */
export async function flagShowers(
  ramp: JumpRamp,
  pixeldq: Uint32Array,
  gain: Float32Array,
  readnoise: Float32Array,
  settings: ShowerSettings,
  searched: boolean,
  running: Running = {},
): Promise<ShowerCount> {
  const { data, groupdq, nints, ngroups, nrows, ncols } = ramp;
  const npix = nrows * ncols;
  const lost = nints * ngroups - countUsable(groupdq, nints, ngroups, npix).total;
  if (nints * (ngroups - 1) - lost < MINIMUM_DIFFERENCES) return undefined;
  const perGroup = nints >= settings.clipFrom;
  const planes = perGroup ? ngroups - 1 : 1;
  const args = {
    data,
    groupdq,
    gain,
    nints,
    ngroups,
    npix,
    nframes: settings.nframes,
    searched,
    perGroup,
    level: allocate("float32", planes * npix),
    sigma: allocate("float32", planes * npix),
  };
  const executor = executorFor(running.executor, [data, groupdq, args.level, args.sigma]);
  const { signal } = running;
  const ranges = splitRange(npix, Math.max(1, Math.floor(4_000_000 / (nints * ngroups))));
  await executor.run(
    levelTask,
    ranges.map(([start, end]) => ({ ...args, readnoise, start, end })),
    { signal },
  );
  const found = await executor.run(
    showerTask,
    Array.from({ length: nints }, (_, integration) =>
      splitRange(ngroups, GROUPS).map(([from, to]) => {
        return { ...args, pixeldq, integration, from, to, nrows, ncols, settings };
      }),
    ).flat(),
    { signal },
  );
  const groups = found.flat();
  await executor.run(
    flagTask,
    Array.from({ length: nints }, (_, integration) => {
      const own = groups.filter((group) => group.integration === integration);
      return { ...args, pixeldq, integration, nrows, ncols, settings, groups: own };
    }).filter((piece) => piece.groups.length > 0),
    { signal },
  );
  return groups.reduce((sum, { events }) => sum + events.length, 0);
}

/** What {@link flagFound} needs: one integration and its showers. */
export interface FoundArgs extends Omit<ShowerArgs, "from" | "to"> {
  groups: readonly ShowerGroup[];
}

/**
 * Flag the showers that were found in one integration, in place. Then restore the flags of every pixel whose mean difference is
 * not finite with the new flags, or changes by more than the limit.
 */
export function flagFound(a: FoundArgs): void {
  const { data, groupdq, gain, pixeldq, ngroups, npix, nrows, ncols, settings, searched } = a;
  const start = a.integration * ngroups * npix;
  const before = groupdq.slice(start, start + ngroups * npix);
  const now = groupdq.subarray(start, start + ngroups * npix);
  const counts = data.subarray(start, start + ngroups * npix);
  const growth = { ratio: settings.expandRatio, widest: settings.maxWidth, after: settings.groupsAfter };
  const flags = flagsOf(groupdq);
  const runs = new Runs();
  const touched = new Uint8Array(npix);
  for (const { group: g, events } of a.groups)
    for (const event of events) {
      flagEvent(flags, start, ngroups, nrows, ncols, g, event, growth, runs);
      for (let i = 0; i < runs.count; i++) {
        const row = runs.row[i] * ncols;
        touched.fill(1, row + runs.from[i], row + runs.to[i]);
      }
    }
  const most = Math.fround(settings.maxAmplitude);
  for (let p = 0; p < npix; p++) {
    if (touched[p] === 0) continue;
    let changed = false;
    for (let g = 1; g < ngroups; g++) if (now[g * npix + p] !== before[g * npix + p]) changed = true;
    if (!changed) continue;
    let keep = pixeldq[p] !== pixel.REFERENCE_PIXEL;
    if (keep) {
      const old = meanDifference(counts, before, before, gain[p], p, ngroups, npix, searched);
      const next = meanDifference(counts, now, before, gain[p], p, ngroups, npix, searched);
      const change = Math.abs(Math.fround(old - next));
      keep = Number.isFinite(change) && change <= most;
    }
    if (!keep) for (let g = 0; g < ngroups; g++) now[g * npix + p] = before[g * npix + p];
  }
}

/** {@link flagFound} for the executor. */
export const flagTask: Task<FoundArgs, void> = defineTask(import.meta.url, "flagFound", flagFound);

/** Mean first difference of one ramp [e-], float32, over groups without flags; NaN when there are none. */
function meanDifference(
  data: Float32Array,
  flags: Uint8Array,
  before: Uint8Array,
  gain: number,
  base: number,
  ngroups: number,
  npix: number,
  searched: boolean,
): number {
  const f = Math.fround;
  const bad = DO_NOT_USE | SATURATED;
  let last = Number.NaN;
  let sum = 0;
  let n = 0;
  for (let g = 0; g < ngroups; g++) {
    const at = base + g * npix;
    const usable = (flags[at] & UNUSABLE) === 0 && !(searched && (before[at] & bad) !== 0);
    const value = usable ? f(data[at] * gain) : Number.NaN;
    const d = f(value - last);
    last = value;
    if (!Number.isNaN(d)) {
      sum = f(sum + d);
      n++;
    }
  }
  return f(sum / n);
}
