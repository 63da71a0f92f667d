import { defineTask, type Task } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { centroid, type EllipseMask, ellipseMask, labelRuns, Runs } from "@calwebb/regions";
import { contains, type Event, eventOf, findEvents, flagEvent, isLarge } from "./events.js";
import { scanPlane, wordsOf } from "./scan.js";
import type { SnowballSettings } from "./settings.js";

const { SATURATED, JUMP_DET } = group;

/** One integration of a stack of flags (nints, ngroups, nrows, ncols). */
export interface SnowballArgs {
  /** Modified in place, in this integration only. */
  groupdq: Uint8Array;
  integration: number;
  ngroups: number;
  nrows: number;
  ncols: number;
  settings: SnowballSettings;
}

/** What one integration gives back. */
export interface SnowballResult {
  snowballs: number;
  /** Saturated cores, for the next integration. */
  cores: EllipseMask[];
}

/** Centres of saturated cores, sorted by row, to find those near a point. */
class Centres {
  private readonly sorted: readonly Event[];

  constructor(events: readonly Event[]) {
    this.sorted = [...events].sort((a, b) => a.y - b.y);
  }

  /** Whether a centre within `reach` of the point passes the test. */
  some(x: number, y: number, reach: number, test: (e: Event) => boolean): boolean {
    const { sorted } = this;
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle].y < y - reach) low = middle + 1;
      else high = middle;
    }
    for (let i = low; i < sorted.length && sorted[i].y <= y + reach; i++)
      if (Math.abs(sorted[i].x - x) <= reach && test(sorted[i])) return true;
    return false;
  }
}

/**
 * Find snowballs in every group of one integration and flag them in place: regions of jumps around a newly saturated core (in
 * this group or the next) or near the edge become grown ellipses; large cores grow and stay saturated to the end of the ramp.
 */
export function flagSnowballs(a: SnowballArgs): SnowballResult {
  const { groupdq, ngroups, nrows, ncols, settings } = a;
  const npix = nrows * ncols;
  const base = a.integration * ngroups * npix;
  const words = wordsOf(groupdq);
  const runs = new Runs();
  const cores: EllipseMask[] = [];
  const growth = { ratio: settings.expandFactor, widest: settings.maxWidth, after: 0 };
  const flags = { jump: JUMP_DET, saturated: SATURATED };
  let snowballs = 0;
  const fresh = (plane: number): Event[] => {
    scanPlane(groupdq, words, plane, plane - npix, nrows, ncols, SATURATED, runs);
    return findEvents(runs, settings.minSaturatedArea);
  };
  for (let g = 1; g < ngroups; g++) {
    const plane = base + g * npix;
    const now = settings.needSaturation ? fresh(plane) : [];
    const next = settings.needSaturation && g < ngroups - 1 ? fresh(plane + npix) : [];
    scanPlane(groupdq, words, plane, -1, nrows, ncols, JUMP_DET, runs);
    const found = settings.needSaturation
      ? around(runs, now, next, nrows, settings)
      : findEvents(runs, settings.minJumpArea);
    for (const core of now) growCore(a, base, g, core, cores);
    snowballs += found.length;
    for (const event of found) flagEvent(groupdq, base, ngroups, nrows, ncols, g, event, growth, flags);
  }
  return { snowballs, cores };
}

/** Regions of jumps that are near the edge, or hold the centre of a core. */
function around(
  runs: Runs,
  now: readonly Event[],
  next: readonly Event[],
  nrows: number,
  settings: SnowballSettings,
): Event[] {
  const labels = labelRuns(runs);
  const centres = new Centres([...now, ...next]);
  const low = settings.edge;
  const high = Math.max(0, nrows - settings.edge);
  const out: Event[] = [];
  for (let r = 0; r < labels.count; r++) {
    if (!isLarge(runs, labels, r, settings.minJumpArea)) continue;
    const { x, y } = centroid(runs, labels, r);
    if (x < low || y < low || x > high || y > high) {
      out.push(eventOf(runs, labels, r));
      continue;
    }
    // No half axis, twice a standard deviation, is longer than the diagonal of the box.
    const reach = labels.ymax[r] - labels.ymin[r] + labels.xmax[r] - labels.xmin[r] + 3;
    let event: Event | undefined;
    const inside = centres.some(x, y, reach, (core) => {
      event ??= eventOf(runs, labels, r);
      return contains(event, core.x, core.y);
    });
    if (inside && event !== undefined) out.push(event);
  }
  return out;
}

/** Saturate a grown core from this group on, and remember the core itself. */
function growCore(a: SnowballArgs, base: number, g: number, core: Event, cores: EllipseMask[]): void {
  const { groupdq, ngroups, nrows, ncols, settings } = a;
  if (!(Math.min(core.minor, core.major) > settings.minCoreAxis)) return;
  const npix = nrows * ncols;
  const minor = Math.min(core.minor + settings.coreGrowth, settings.maxWidth);
  const major = Math.min(core.major + settings.coreGrowth, settings.maxWidth);
  const e = ellipseMask(core.y, core.x, major, minor, core.angle, nrows, ncols);
  const width = e.x2 - e.x1;
  for (let k = g; k < ngroups; k++)
    for (let y = e.y1; y < e.y2; y++)
      for (let x = e.x1, m = (y - e.y1) * width; x < e.x2; x++, m++)
        if (e.mask[m] !== 0) groupdq[base + k * npix + y * ncols + x] = SATURATED;
  cores.push(ellipseMask(core.y, core.x, core.major, core.minor, core.angle, nrows, ncols));
}

/**
 * Flag the cores of the previous integration in groups 1 .. nextGroups - 1, in place.
 * @param base - start of the integration in `groupdq`
 */
export function flagCores(
  groupdq: Uint8Array,
  base: number,
  ngroups: number,
  nrows: number,
  ncols: number,
  cores: readonly EllipseMask[],
  nextGroups: number,
): void {
  const npix = nrows * ncols;
  for (const e of cores) {
    const width = e.x2 - e.x1;
    for (let g = 1; g < Math.min(nextGroups, ngroups); g++)
      for (let y = e.y1; y < e.y2; y++)
        for (let x = e.x1, m = (y - e.y1) * width; x < e.x2; x++, m++)
          if (e.mask[m] !== 0) groupdq[base + g * npix + y * ncols + x] |= JUMP_DET;
  }
}

/** {@link flagSnowballs} for the executor. */
export const snowballTask: Task<SnowballArgs, SnowballResult> = defineTask(
  import.meta.url,
  "flagSnowballs",
  flagSnowballs,
);
