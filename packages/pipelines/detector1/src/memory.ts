import { ValidationError } from "@calwebb/errors";

/** Shape of a stack of ramps. */
export interface RampShape {
  nints: number;
  ngroups: number;
  nrows: number;
  ncols: number;
}

/** How an exposure is cut so that it fits into the memory that is allowed. */
export interface Cut {
  /** Integrations that are calibrated together. */
  ints: number;
  /** Rows that are fitted together, over all integrations. */
  rows: number;
}

/** The program itself. */
const PROGRAM = 70 * 2 ** 20;
/** What each thread takes when there are several: code, young objects, a piece in the making. */
const WORKER = 120 * 2 ** 20;
/** Counts and flags of a sample. */
const SAMPLE = 5;
/** What steps put aside beside the ramp itself, relative to it. */
const OVERHEAD = 1.25;
/** Rates, errors, variances and flags of a pixel in one integration, and its zero frame. */
const RESULT = 24;
/** Planes of the largest reference beside the groups that a dark has. */
const PLANES = 24;
/** Fewest rows worth fitting together; jumps also look at the neighbouring ones. */
export const FEWEST_ROWS = 4;

/** "1.5 GiB", "300 MiB". */
export function sizeText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

interface Parts {
  /** References while the ramps are calibrated; a dark has as many groups as the exposure. */
  references: number;
  /** Results while they are fitted, with gain and read noise. */
  results: number;
  /** Ramps of one integration, and of one row of all with their results. */
  integration: number;
  row: number;
}

function parts(s: RampShape, workers: number): Parts {
  const npix = s.nrows * s.ncols;
  const program = PROGRAM + (workers > 1 ? workers * WORKER : 0);
  return {
    references: program + npix * (4 * s.ngroups + PLANES),
    results: program + (s.nints + 1) * npix * RESULT + npix * 8,
    integration: s.ngroups * npix * SAMPLE * OVERHEAD,
    row: s.nints * s.ngroups * s.ncols * SAMPLE * OVERHEAD + (s.nints + 1) * s.ncols * RESULT,
  };
}

/** About how many bytes it takes to calibrate an exposure in one piece. */
export function memoryNeeded(s: RampShape, workers = 1): number {
  const { references, results, integration } = parts(s, workers);
  return Math.max(references, results) + s.nints * integration;
}

/** About how many bytes it takes when the exposure is cut as small as it goes. */
export function leastMemory(s: RampShape, workers = 1): number {
  const { references, results, integration, row } = parts(s, workers);
  return Math.max(references + integration, results + row * (FEWEST_ROWS + 3));
}

/**
 * How to cut an exposure to fit into `budget` bytes; undefined when it fits as a whole.
 * @throws {ValidationError} when even the smallest pieces do not fit
 */
export function cutToFit(s: RampShape, budget: number | undefined, workers = 1): Cut | undefined {
  if (budget === undefined || memoryNeeded(s, workers) <= budget) return undefined;
  const { references, results, integration, row } = parts(s, workers);
  const least = leastMemory(s, workers);
  if (s.nints === 1 || least > budget)
    throw new ValidationError(
      `this exposure (${s.nints} integrations of ${s.ngroups} groups of ${s.nrows} x ${s.ncols} pixels) needs about ` +
        `${sizeText(s.nints === 1 ? memoryNeeded(s, workers) : least)}, and ${sizeText(budget)} are allowed: allow more memory${workers > 1 ? " or fewer workers" : ""}`,
      { where: "memory" },
    );
  return {
    ints: Math.min(s.nints, Math.max(1, Math.floor((budget - references) / integration))),
    rows: Math.max(FEWEST_ROWS, Math.floor((budget - results) / row) - 3),
  };
}

/**
 * Give back the memory of what is done: references of a step, a piece. Large arrays lie outside the heap, where their size does not move the garbage
 * collector to act; hosts that care expose it as `gc`.
 */
export function release(): void {
  (globalThis as { gc?: () => void }).gc?.();
}
