import { defineTask, type Task } from "@calwebb/array";
import { centroid, ellipseRuns, type Labels, labelRuns, Runs } from "@calwebb/regions";
import { contains, type Event, eventOf, findEvents, flagEvent, isLarge } from "./events.js";
import { type Flags, flagsOf, markJump, markRows, type Rows, saturate } from "./rows.js";
import { GroupScan } from "./scan.js";
import type { SnowballSettings } from "./settings.js";

/** One integration of a stack of flags (nints, ngroups, nrows, ncols). */
export interface SnowballArgs {
  /** Modified in place, in this integration only. */
  groupdq: Uint8Array;
  integration: number;
  ngroups: number;
  nrows: number;
  ncols: number;
  settings: SnowballSettings;
  /** False: without the SIMD kernel; the result is the same. */
  simd?: boolean;
}

/** What one integration gives back. */
export interface SnowballResult {
  snowballs: number;
  /** Pixels of saturated cores, for the next integration; a pixel may come several times. */
  cores: Rows;
}

/** A saturated core: its centre, and what the rest of it follows from. */
interface Core {
  x: number;
  y: number;
  labels: Labels;
  region: number;
}

/** Cores of at least `least` pixels. */
function findCores(runs: Runs, least: number): Core[] {
  const labels = labelRuns(runs);
  const out: Core[] = [];
  for (let region = 0; region < labels.count; region++)
    if (isLarge(runs, labels, region, least)) {
      const { x, y } = centroid(runs, labels, region);
      out.push({ x, y, labels, region });
    }
  return out;
}

/** Centres of saturated cores, sorted by row, to find those near a point. */
class Centres {
  private readonly sorted: readonly Core[];

  constructor(cores: readonly Core[]) {
    this.sorted = [...cores].sort((a, b) => a.y - b.y);
  }

  /** Whether a centre within `reach` of the point passes the test. */
  some(x: number, y: number, reach: number, test: (core: Core) => boolean): boolean {
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
  const scan = new GroupScan(groupdq, nrows, ncols, a.simd);
  const flags = flagsOf(groupdq);
  const cores = new Runs();
  const scratch = new Runs();
  const growth = { ratio: settings.expandFactor, widest: settings.maxWidth, after: 0 };
  let snowballs = 0;
  for (let g = 1; g < ngroups; g++) {
    scan.read(base + g * npix, settings.needSaturation, g < ngroups - 1);
    const now = findCores(scan.now, settings.minSaturatedArea);
    const next = findCores(scan.next, settings.minSaturatedArea);
    const found = settings.needSaturation
      ? around(scan.jumps, now, next, nrows, settings)
      : findEvents(scan.jumps, settings.minJumpArea);
    for (const core of now) growCore(a, flags, base, g, scan.now, core, cores, scratch);
    snowballs += found.length;
    for (const event of found) flagEvent(flags, base, ngroups, nrows, ncols, g, event, growth, scratch);
  }
  const { count } = cores;
  const cut = (list: Int32Array): Int32Array => list.slice(0, count);
  return { snowballs, cores: { row: cut(cores.row), from: cut(cores.from), to: cut(cores.to), count } };
}

/** Regions of jumps that are near the edge, or hold the centre of a core. */
function around(
  runs: Runs,
  now: readonly Core[],
  next: readonly Core[],
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
function growCore(
  a: SnowballArgs,
  flags: Flags,
  base: number,
  g: number,
  runs: Runs,
  { labels, region }: Core,
  cores: Runs,
  grown: Runs,
): void {
  const { ngroups, nrows, ncols, settings } = a;
  const height = labels.ymax[region] - labels.ymin[region];
  const width = labels.xmax[region] - labels.xmin[region];
  // No standard deviation is above half the extent, and the axis is four of the smaller one less a pixel.
  if (2 * Math.min(height, width) - 0.999 <= settings.minCoreAxis) return;
  const core = eventOf(runs, labels, region);
  if (!(Math.min(core.minor, core.major) > settings.minCoreAxis)) return;
  const npix = nrows * ncols;
  const minor = Math.min(core.minor + settings.coreGrowth, settings.maxWidth);
  const major = Math.min(core.major + settings.coreGrowth, settings.maxWidth);
  grown.clear();
  ellipseRuns(core.y, core.x, major, minor, core.angle, nrows, ncols, grown);
  for (let k = g; k < ngroups; k++) markRows(flags, base + k * npix, ncols, grown, saturate);
  ellipseRuns(core.y, core.x, core.major, core.minor, core.angle, nrows, ncols, cores);
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
  cores: Rows,
  nextGroups: number,
): void {
  const npix = nrows * ncols;
  const flags = flagsOf(groupdq);
  for (let g = 1; g < Math.min(nextGroups, ngroups); g++) markRows(flags, base + g * npix, ncols, cores, markJump);
}

/** {@link flagSnowballs} for the executor. */
export const snowballTask: Task<SnowballArgs, SnowballResult> = defineTask(
  import.meta.url,
  "flagSnowballs",
  flagSnowballs,
);
