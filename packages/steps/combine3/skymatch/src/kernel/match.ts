import { pseudoInverse, rank } from "@calwebb/linalg";
import { measureSky, type SkyPiece } from "./measure.js";
import { overlapSky, type SkyGroup, type SkyImage, wholeSky } from "./sky-image.js";
import type { Measured, StatisticOptions } from "./statistics.js";

export type SkyMethod = "local" | "global" | "match" | "global+match";

/** How the sky is matched. */
export interface MatchOptions extends StatisticOptions {
  skymethod: SkyMethod;
  match_down: boolean;
  subtract: boolean;
}

interface Log {
  info(message: string): void;
  warn(message: string): void;
}

const nameOf = (group: SkyGroup): string => group.map((im) => im.name).join(", ");

/** A median stays float32, as the values are; everything else is double. */
const rounding = ({ skystat }: MatchOptions): ((v: number) => number) =>
  skystat === "median" ? Math.fround : (v) => v;

/** Measures pieces of sky. */
export type Measure = (pieces: readonly SkyPiece[]) => Promise<readonly (Measured | undefined)[]>;

/** How much is measured at one time: the pieces of one pair of groups, or all, whose pixels are in memory together. */
export type Batch = "pair" | "all";

/** Pieces of sky with the image that each belongs to. */
interface Pieces {
  images: SkyImage[];
  pieces: SkyPiece[];
}

async function overlaps(group: SkyGroup, other: SkyGroup, options: MatchOptions): Promise<Pieces> {
  const out: Pieces = { images: [], pieces: [] };
  for (const image of group) {
    const piece = await overlapSky(image, other, options);
    if (piece === undefined) continue;
    out.images.push(image);
    out.pieces.push(piece);
  }
  return out;
}

/** Sky of a group, weighted by pixels; `relative`: less what was found so far. */
function meanSky(
  images: readonly SkyImage[],
  found: readonly (Measured | undefined)[],
  relative: boolean,
  round: (v: number) => number,
): Measured | undefined {
  let sum = 0;
  let npix = 0;
  for (const [i, image] of images.entries()) {
    const one = found[i];
    if (one === undefined) continue;
    const value = relative ? round(one.value - image.sky) : one.value;
    if (images.length === 1) return { value, npix: one.npix };
    sum = round(sum + round(value * one.npix));
    npix += one.npix;
  }
  return npix === 0 ? undefined : { value: round(sum / npix), npix };
}

/** Least sky of the images of a group. */
async function groupSky(
  group: SkyGroup,
  options: MatchOptions,
  relative: boolean,
  measure: Measure,
): Promise<number | undefined> {
  let least: number | undefined;
  for (const image of group) {
    const [found] = await measure([await wholeSky(image, options)]);
    if (found === undefined) continue;
    const value = relative ? rounding(options)(found.value - image.sky) : found.value;
    if (least === undefined || value < least) least = value;
  }
  return least;
}

/** A pair of groups that overlap and the sky of each in the other. */
interface Pair {
  i: number;
  j: number;
  a: Measured;
  b: Measured;
}

/** Measure the sky of every pair of groups in their overlap. */
async function measurePairs(
  groups: readonly SkyGroup[],
  options: MatchOptions,
  measure: Measure,
  batch: Batch,
): Promise<Pair[]> {
  const relative = !options.subtract;
  const out: Pair[] = [];
  let waiting: { i: number; j: number; a: Pieces; b: Pieces }[] = [];
  const flush = async (): Promise<void> => {
    const found = await measure(waiting.flatMap(({ a, b }) => [...a.pieces, ...b.pieces]));
    let at = 0;
    const next = ({ images }: Pieces): Measured | undefined => {
      at += images.length;
      return meanSky(images, found.slice(at - images.length, at), relative, rounding(options));
    };
    for (const { i, j, a, b } of waiting) {
      const [one, other] = [next(a), next(b)];
      if (one && other) out.push({ i, j, a: one, b: other });
    }
    waiting = [];
  };
  for (let i = 0; i < groups.length; i++)
    for (let j = i + 1; j < groups.length; j++) {
      const a = await overlaps(groups[i], groups[j], options);
      if (a.pieces.length === 0) continue;
      waiting.push({ i, j, a, b: await overlaps(groups[j], groups[i], options) });
      if (batch === "pair") await flush();
    }
  await flush();
  return out;
}

/** Add to the sky of a group, and take it out of the data. @param value - what is taken out: the sky, perhaps rounded */
function apply(
  group: SkyGroup,
  sky: number,
  value: number,
  { subtract }: MatchOptions,
  round = (v: number) => v,
): void {
  for (const image of group) {
    if (subtract) image.subtract(value);
    image.sky = round(image.sky + sky);
  }
}

/**
 * Differences of sky that make overlapping groups equal: for each pair one equation w (s_i - s_j) = w (m_i - m_j) with the sky m
 * measured in the overlap and the mean number of pixels as weight; the solution of least norm. NaN for groups without overlap.
 */
function differences(n: number, pairs: readonly Pair[], log: Log): Float64Array {
  const rows: number[][] = [];
  const free: number[] = [];
  const linked = new Set<number>();
  for (const { i, j, a, b } of pairs) {
    const weight = 0.5 * (a.npix + b.npix);
    const row = new Array<number>(n).fill(0);
    row[i] = weight;
    row[j] = -weight;
    rows.push(row);
    free.push(weight * (a.value - b.value));
    linked.add(i).add(j);
  }
  const out = new Float64Array(n).fill(Number.NaN);
  if (rows.length === 0) {
    log.warn("no sky can be matched: no exposures overlap where they have valid data");
    return out;
  }
  const m = rows.length;
  const matrix = Float64Array.from(rows.flat());
  const independent = rank(matrix, m, n, 1e-12);
  if (independent < n - 1)
    log.warn(`${independent} independent overlaps are too few for ${n} skies; only parts of the exposures are matched`);
  const inverse = pseudoInverse(matrix, m, n, 1e-12);
  for (const i of linked) {
    out[i] = 0;
    for (let k = 0; k < m; k++) out[i] += inverse[i * m + k] * free[k];
  }
  return out;
}

/**
 * Find the sky of groups of exposures, and subtract it when wanted. What is found is added to `sky` of each image; `valid` says whether
 * anything was.
 * @param measure - measures pieces of sky; default: one after the other
 */
export async function matchSky(
  groups: readonly SkyGroup[],
  options: MatchOptions,
  log: Log,
  measure: Measure = async (pieces) => pieces.map(measureSky),
  batch: Batch = "all",
): Promise<void> {
  const { skymethod, match_down, skystat, subtract } = options;
  const matches = skymethod.includes("match");
  const global = skymethod.includes("global");
  const setValid = (images: Iterable<SkyImage>, valid: boolean): void => {
    for (const image of images) image.valid = valid;
  };
  if (matches) {
    const found = differences(groups.length, await measurePairs(groups, options, measure, batch), log);
    const good = found.filter((v) => Number.isFinite(v));
    const reference = good.length === 0 ? 0 : match_down ? Math.min(...good) : Math.max(...good);
    groups.forEach((group, i) => {
      const valid = Number.isFinite(found[i]);
      if (valid) apply(group, found[i] - reference, Math.fround(found[i] - reference), options);
      else log.warn(`the sky of ${nameOf(group)} cannot be matched`);
      setValid(group, valid);
    });
  }
  if (global || !matches) {
    const skies: (number | undefined)[] = [];
    for (const group of groups) skies.push(await groupSky(group, options, !subtract, measure));
    const known = skies.filter((s) => s !== undefined);
    const least = known.length === 0 ? undefined : Math.min(...known);
    if (global && least === undefined) log.warn("no exposure has valid data to find the sky of");
    groups.forEach((group, i) => {
      const sky = global ? least : skies[i];
      if (sky !== undefined) {
        const wide = skystat === "mode" || skystat === "midpt";
        apply(group, sky, wide ? sky : Math.fround(sky), options, rounding(options));
        setValid(group, true);
      } else if (!global) {
        log.warn(`the sky of ${nameOf(group)} cannot be found`);
        setValid(group, false);
      }
    });
  }
  for (const image of groups.flat()) log.info(`${image.name}: sky ${image.sky.toPrecision(6)}`);
}
