import type { Logger } from "@calwebb/stpipe";
import type { Corrector } from "./corrector.js";
import { type FitGeometry, fitClipped, pairWeights } from "./kernel/fit.js";
import { type MatchOptions, matchPoints } from "./kernel/match.js";
import { hullOf, type Outline, outlineOf, overlapOf } from "./outline.js";

/** Positions on the sky [deg]. */
export interface SkyCatalog {
  ra: Float64Array;
  dec: Float64Array;
  /** How much the sources count; without it all count the same. */
  weight?: Float64Array | undefined;
}

/** An exposure to be aligned. */
export interface Exposure {
  name: string;
  group: string;
  /** Sources [0-based pixels]. */
  x: Float64Array;
  y: Float64Array;
  /** How much the sources count. */
  weight?: Float64Array | undefined;
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

const skyOf = ({ x, y, weight, corrector }: Exposure): SkyCatalog => {
  const [ra, dec] = corrector.wcs.evaluate([x, y], { withBoundingBox: false });
  return { ra, dec, weight };
};

/** Catalogs one after the other. Where only some have weights, the sources of the others weigh 1. */
function joined(parts: readonly SkyCatalog[]): SkyCatalog {
  const all = (of: (p: SkyCatalog) => Float64Array): Float64Array =>
    Float64Array.from(parts.flatMap((p) => [...of(p)]));
  const weighted = parts.some((p) => p.weight);
  return {
    ra: all((p) => p.ra),
    dec: all((p) => p.dec),
    ...(weighted ? { weight: all((p) => p.weight ?? p.ra.map(() => 1)) } : {}),
  };
}

const groupSky = (group: readonly Exposure[]): SkyCatalog => joined(group.filter((e) => e.x.length > 0).map(skyOf));

function groupsOf(exposures: readonly Exposure[]): Exposure[][] {
  const groups = new Map<string, Exposure[]>();
  for (const e of exposures) groups.set(e.group, [...(groups.get(e.group) ?? []), e]);
  return [...groups.values()];
}

/** A group of exposures that are aligned as one, and where its sources are. */
interface Group {
  exposures: Exposure[];
  outlines: Outline[];
}

/** Groups in the order in which they are aligned, the reference first, and how much the first two overlap. */
function orderGroups(groups: Group[], { userOrder, expand }: AlignOptions): { groups: Group[]; area: number } {
  const overlap = (a: Group, b: Group): number => a.outlines.reduce((sum, o) => sum + overlapOf(o, b.outlines), 0);
  // Without growing reference the first group is the reference of all, and the order does not matter.
  if (!expand) return { groups: [...groups], area: 0 };
  if (userOrder || groups.length < 3) return { groups: [...groups], area: overlap(groups[0], groups[1]) };
  const n = groups.length;
  const area = groups.map(() => new Float64Array(n));
  for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) area[i][j] = area[j][i] = overlap(groups[i], groups[j]);
  let [first, second] = [0, 0];
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) if (area[i][j] > area[first][second]) [first, second] = [i, j];
  if (first === second) second = 1;
  const sum = (i: number): number => area[i].reduce((a, b) => a + b, 0);
  if (sum(first) < sum(second)) [first, second] = [second, first];
  const rest = groups.map((_, i) => i).filter((i) => i !== first && i !== second);
  rest.sort((a, b) => area[first][b] - area[first][a] || b - a);
  return { groups: [first, second, ...rest].map((i) => groups[i]), area: area[first][second] };
}

/** Take the group that overlaps the reference most; gives it and the overlap. */
function takeNearest(groups: Group[], reference: SkyCatalog): [Group, number] {
  const around = hullOf(reference.ra, reference.dec);
  const areas = groups.map((g) => overlapOf(around, g.outlines));
  const best = areas.indexOf(Math.max(...areas));
  return [groups.splice(best, 1)[0], areas[best]];
}

/** Thrown when one source would be matched with several of the reference. */
class Confused extends Error {}

/** Align one group as a whole; gives whether that was possible, and the indexes of its matched sources. */
function alignGroup(
  group: readonly Exposure[],
  reference: SkyCatalog,
  options: AlignOptions,
  log: Logger,
): { done: boolean; matched: Set<number> } {
  const plane = group[0].corrector.frozen();
  const sky = groupSky(group);
  const image = plane.worldToPlane(sky.ra, sky.dec);
  const fixed = plane.worldToPlane(reference.ra, reference.dec);
  const matches = matchPoints(image, fixed, plane.pixelScale(), options.match);
  const names = group.map((e) => e.name).join(", ");
  for (const e of group) e.status = "failed";
  if (matches.image.length > sky.ra.length) throw new Confused(names);
  const matched = new Set(matches.image);
  if (matches.image.length < options.least) {
    log.warn(`${names}: ${matches.image.length} matches are not enough for a fit (${options.least} wanted)`);
    return { done: false, matched };
  }
  const pick = (v: Float64Array, indexes: number[]): Float64Array => Float64Array.from(indexes, (i) => v[i]);
  const to = { x: pick(fixed.x, matches.reference), y: pick(fixed.y, matches.reference) };
  const from = { x: pick(image.x, matches.image), y: pick(image.y, matches.image) };
  const weights = pairWeights(
    reference.weight && pick(reference.weight, matches.reference),
    sky.weight && pick(sky.weight, matches.image),
  );
  const fit = fitClipped(to, from, options.geometry, options.rounds, options.sigma, weights);
  if (!fit) {
    log.warn(`${names}: ${matches.image.length} matches do not determine a fit of the kind ${options.geometry}`);
    return { done: false, matched };
  }
  for (const e of group) {
    e.status = "success";
    e.corrector.correct(fit, plane);
  }
  log.info(`${names}: ${matches.image.length} matches, shift ${fit.shift.map((v) => v.toFixed(4)).join(", ")} arcsec`);
  return { done: true, matched };
}

/**
 * Align groups of exposures with a catalog, or one after the other with the first, in place.
 * @returns why that is not possible; undefined when it was done, though not every group need have enough matches
 */
export function align(
  exposures: readonly Exposure[],
  catalog: SkyCatalog | undefined,
  options: AlignOptions,
  log: Logger,
): string | undefined {
  const usable: Group[] = groupsOf(exposures)
    .filter((g) => g.some((e) => e.x.length > 0))
    .map((g) => ({ exposures: g, outlines: g.map(outlineOf) }));
  if (usable.length === 0) return "no exposure has sources";
  if (!catalog && usable.length < 2) return "fewer than two exposures have sources";
  try {
    alignAll(usable, catalog, options, log);
    return undefined;
  } catch (error) {
    if (!(error instanceof Confused)) throw error;
    return `sources of ${error.message} match several of the reference each: tolerance is too large for separation`;
  }
}

function alignAll(usable: Group[], catalog: SkyCatalog | undefined, options: AlignOptions, log: Logger): void {
  const given = options.userOrder || !options.expand;
  let reference = catalog;
  let groups = usable;
  let next: Group | undefined;
  let area = 0;
  if (!reference) {
    ({ groups, area } = orderGroups(usable, options));
    const [first] = groups.splice(0, 1);
    for (const e of first.exposures) e.status = "reference";
    reference = groupSky(first.exposures);
    log.info(`${first.exposures.map((e) => e.name).join(", ")}: the reference`);
    // The partner of the first is aligned next, whatever overlaps more.
    [next] = groups.splice(0, 1);
  }
  for (;;) {
    if (!next) {
      if (groups.length === 0) return;
      if (given) [next, area] = [groups.splice(0, 1)[0], 0];
      else [next, area] = takeNearest(groups, reference);
    }
    const { done, matched } = alignGroup(next.exposures, reference, options, log);
    // Sources of exposures that overlap nothing yet join too: others may overlap them.
    if (options.expand && (done || area === 0)) {
      const { ra, dec, weight } = groupSky(next.exposures);
      const fresh = (v: Float64Array): Float64Array => v.filter((_, i) => !matched.has(i));
      reference = joined([reference, { ra: fresh(ra), dec: fresh(dec), weight: weight && fresh(weight) }]);
    }
    next = undefined;
  }
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
