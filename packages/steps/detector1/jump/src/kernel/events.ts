import { group } from "@calwebb/dqflags";
import { ellipseRuns, filledArea, type Labels, labelRuns, momentEllipse, type Runs } from "@calwebb/regions";
import { type Flags, markRows, markUnsaturated } from "./rows.js";

const { SATURATED, JUMP_DET } = group;

/** An extended event: the moment ellipse of its pixels with axes one pixel shorter. */
export interface Event {
  /** Centre, column and row. */
  x: number;
  y: number;
  /** Full axes [pixels]; may be negative for single pixels and lines. */
  minor: number;
  major: number;
  /** [degree] */
  angle: number;
}

/** The event of region `r`. */
export function eventOf(runs: Runs, labels: Labels, r: number): Event {
  const e = momentEllipse(runs, labels, r);
  return { x: e.x, y: e.y, minor: e.minor - 1, major: e.major - 1, angle: e.angle };
}

/** Whether region `r`, with its holes, has at least `least` pixels. */
export function isLarge(runs: Runs, labels: Labels, r: number, least: number): boolean {
  if (labels.area[r] >= least) return true;
  const box = (labels.ymax[r] - labels.ymin[r] + 1) * (labels.xmax[r] - labels.xmin[r] + 1);
  return box >= least && filledArea(runs, labels, r) >= least;
}

/** Events of all regions of at least `least` pixels. */
export function findEvents(runs: Runs, least: number): Event[] {
  const labels = labelRuns(runs);
  const out: Event[] = [];
  for (let r = 0; r < labels.count; r++) if (isLarge(runs, labels, r, least)) out.push(eventOf(runs, labels, r));
  return out;
}

/** Whether a point lies inside the ellipse of an event. */
export function contains(event: Event, x: number, y: number): boolean {
  const angle = (180 - event.angle) * (Math.PI / 180);
  const cos = Math.cos(angle);
  const sin = Math.sin(angle);
  const dx = x - event.x;
  const dy = y - event.y;
  const along = dx * cos - dy * sin;
  const across = dx * sin + dy * cos;
  const major = Math.max(event.major, event.minor) * 0.5;
  const minor = Math.min(event.major, event.minor) * 0.5;
  return (along * along) / (major * major) + (across * across) / (minor * minor) <= 1;
}

/** Half axes of a grown event, in whole pixels times two: [minor, major]. */
function grownAxes(event: Event, ratio: number, widest: number): [number, number] {
  const { minor, major } = event;
  let a: number;
  let b: number;
  // Both axes grow by what the shorter one gains.
  if (major < minor) {
    a = minor + (ratio - 1) * major;
    b = major * ratio;
  } else {
    a = minor * ratio;
    b = major + (ratio - 1) * minor;
  }
  return [Math.min(a, widest), Math.min(b, widest)];
}

/**
 * Flag the grown ellipse of an event as jumps in a group and in the `after` following ones, in place. Pixels that are saturated
 * are left alone from the group on in which they are.
 * @param cube - flags of one integration starting at `base`, (ngroups, nrows, ncols)
 * @param runs - scratch
 */
export function flagEvent(
  cube: Flags,
  base: number,
  ngroups: number,
  nrows: number,
  ncols: number,
  grp: number,
  event: Event,
  growth: { ratio: number; widest: number; after: number },
  runs: Runs,
): void {
  const [minor, major] = grownAxes(event, growth.ratio, growth.widest);
  runs.clear();
  ellipseRuns(event.y, event.x, major, minor, event.angle, nrows, ncols, runs);
  const npix = nrows * ncols;
  const groups = Math.min(growth.after + 1, ngroups - grp);
  const plane = base + grp * npix;
  if (groups === 1) {
    markRows(cube, plane, ncols, runs, markUnsaturated);
    return;
  }
  const { bytes } = cube;
  for (let i = 0; i < runs.count; i++) {
    const row = plane + runs.row[i] * ncols;
    for (let x = runs.from[i]; x < runs.to[i]; x++)
      for (let g = 0, at = row + x; g < groups; g++, at += npix) {
        if ((bytes[at] & SATURATED) !== 0) break;
        bytes[at] |= JUMP_DET;
      }
  }
}
