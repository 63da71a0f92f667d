import { type Corners, overlapArea } from "@calwebb/sphere";
import type { Logger } from "@calwebb/stpipe";
import type { Corrector } from "./corrector.js";
import { type FitGeometry, fitClipped } from "./kernel/fit.js";
import { type MatchOptions, matchPoints } from "./kernel/match.js";

/** Positions on the sky [deg]. */
export interface SkyCatalog {
  ra: Float64Array;
  dec: Float64Array;
}

/** An exposure to be aligned. */
export interface Exposure {
  name: string;
  group: string;
  /** Sources [0-based pixels]. */
  x: Float64Array;
  y: Float64Array;
  corrector: Corrector;
  status: "none" | "reference" | "success" | "failed";
}

export interface AlignOptions {
  match: MatchOptions;
  geometry: FitGeometry;
  least: number;
  rounds: number;
  sigma: number;
  /** Align in the given order. */
  userOrder: boolean;
  /** Sources of aligned exposures join the reference. */
  expand: boolean;
}

const skyOf = ({ x, y, corrector }: Exposure): SkyCatalog => {
  const [ra, dec] = corrector.wcs.evaluate([x, y], { withBoundingBox: false });
  return { ra, dec };
};

function joined(parts: readonly SkyCatalog[]): SkyCatalog {
  return {
    ra: Float64Array.from(parts.flatMap((p) => [...p.ra])),
    dec: Float64Array.from(parts.flatMap((p) => [...p.dec])),
  };
}

const groupSky = (group: readonly Exposure[]): SkyCatalog => joined(group.map(skyOf));

/** Convex hull of positions on the sky, by a projection around the first one. Andrew's monotone chain. */
export function hull({ ra, dec }: SkyCatalog): Corners {
  const shrink = Math.cos((dec[0] * Math.PI) / 180);
  const points = Array.from(ra, (r, i) => {
    const d = ((r - ra[0] + 540) % 360) - 180;
    return { u: d * shrink, v: dec[i], corner: [r, dec[i]] };
  }).sort((a, b) => a.u - b.u || a.v - b.v);
  const chain = (list: typeof points): typeof points => {
    const out: typeof points = [];
    for (const p of list) {
      for (;;) {
        const [a, b] = out.slice(-2);
        if (!b || (b.u - a.u) * (p.v - a.v) - (b.v - a.v) * (p.u - a.u) > 0) break;
        out.pop();
      }
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...chain(points), ...chain([...points].reverse())].map((p) => p.corner);
}

function groupsOf(exposures: readonly Exposure[]): Exposure[][] {
  const groups = new Map<string, Exposure[]>();
  for (const e of exposures) groups.set(e.group, [...(groups.get(e.group) ?? []), e]);
  return [...groups.values()];
}

/** Put the two groups that overlap most in front, the one with more overlap first; the others by their overlap with it. */
function orderByOverlap(groups: Exposure[][]): Exposure[][] {
  if (groups.length < 3) return groups;
  const hulls = groups.map((g) => hull(groupSky(g)));
  const area = hulls.map((a, i) => hulls.map((b, j) => (i === j ? 0 : overlapArea(a, b))));
  let [first, second] = [0, 0];
  for (let i = 0; i < groups.length; i++)
    for (let j = 0; j < groups.length; j++) if (area[i][j] > area[first][second]) [first, second] = [i, j];
  if (first === second) second = 1;
  const sum = (i: number): number => area[i].reduce((a, b) => a + b, 0);
  if (sum(first) < sum(second)) [first, second] = [second, first];
  const rest = groups.map((_, i) => i).filter((i) => i !== first && i !== second);
  rest.sort((a, b) => area[first][b] - area[first][a] || b - a);
  return [first, second, ...rest].map((i) => groups[i]);
}

/** Take the group that overlaps the reference most. */
function takeNearest(groups: Exposure[][], reference: SkyCatalog): Exposure[] {
  const around = hull(reference);
  const areas = groups.map((g) => g.reduce((sum, e) => sum + overlapArea(around, hull(skyOf(e))), 0));
  return groups.splice(areas.indexOf(Math.max(...areas)), 1)[0];
}

/** Align one group as a whole; gives the indexes of its matched sources. */
function alignGroup(
  group: readonly Exposure[],
  reference: SkyCatalog,
  options: AlignOptions,
  log: Logger,
): Set<number> | undefined {
  const plane = group[0].corrector.frozen();
  const sky = groupSky(group);
  const image = plane.worldToPlane(sky.ra, sky.dec);
  const fixed = plane.worldToPlane(reference.ra, reference.dec);
  const matches = matchPoints(image, fixed, plane.pixelScale(), options.match);
  const pick = (v: Float64Array, indexes: number[]): Float64Array => Float64Array.from(indexes, (i) => v[i]);
  const names = group.map((e) => e.name).join(", ");
  const to = { x: pick(fixed.x, matches.reference), y: pick(fixed.y, matches.reference) };
  const from = { x: pick(image.x, matches.image), y: pick(image.y, matches.image) };
  const enough = matches.image.length >= options.least;
  const fit = enough ? fitClipped(to, from, options.geometry, options.rounds, options.sigma) : undefined;
  for (const e of group) e.status = fit ? "success" : "failed";
  if (!fit) {
    log.warn(`${names}: ${matches.image.length} matches are not enough for a fit (${options.least} wanted)`);
    return undefined;
  }
  for (const e of group) e.corrector.correct(fit, plane);
  log.info(`${names}: ${matches.image.length} matches, shift ${fit.shift.map((v) => v.toFixed(4)).join(", ")} arcsec`);
  return new Set(matches.image);
}

/**
 * Align groups of exposures with a catalog, or one after the other with the first, in place.
 * @returns false when there are not enough groups with sources
 */
export function align(
  exposures: readonly Exposure[],
  catalog: SkyCatalog | undefined,
  options: AlignOptions,
  log: Logger,
): boolean {
  const usable = groupsOf(exposures).filter((g) => g.some((e) => e.x.length > 0));
  if (usable.length < (catalog ? 1 : 2)) return false;
  const given = options.userOrder || !options.expand;
  let groups = usable;
  let reference = catalog;
  if (!reference) {
    if (!given) groups = orderByOverlap(groups);
    const [first] = groups.splice(0, 1);
    for (const e of first) e.status = "reference";
    reference = groupSky(first);
    log.info(`${first.map((e) => e.name).join(", ")}: the reference`);
    // The partner of the first is aligned next, whatever overlaps more.
    if (!given) reference = step(groups.splice(0, 1)[0], reference, options, log);
  }
  while (groups.length > 0) {
    const next = given ? groups.splice(0, 1)[0] : takeNearest(groups, reference);
    reference = step(next, reference, options, log);
  }
  return true;
}

/** Align a group; gives the reference for the next one. */
function step(group: Exposure[], reference: SkyCatalog, options: AlignOptions, log: Logger): SkyCatalog {
  const matched = alignGroup(group, reference, options, log);
  if (!matched || !options.expand) return reference;
  const sky = groupSky(group);
  const fresh = (v: Float64Array): Float64Array => v.filter((_, i) => !matched.has(i));
  return joined([reference, { ra: fresh(sky.ra), dec: fresh(sky.dec) }]);
}

/** Largest distance that a corner of an exposure has moved [arcsec]. */
export function largestMove(exposures: readonly Exposure[]): number {
  let largest = 0;
  for (const { corrector } of exposures) {
    const before = corrector.original.footprint();
    const after = corrector.wcs.footprint();
    for (const [i, [ra, dec]] of before.entries()) {
      const dx = (((after[i][0] - ra + 540) % 360) - 180) * Math.cos((dec * Math.PI) / 180);
      largest = Math.max(largest, 3600 * Math.hypot(dx, after[i][1] - dec));
    }
  }
  return largest;
}
