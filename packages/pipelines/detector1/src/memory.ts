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

/** Counts and flags of a sample. */
const SAMPLE = 5;
/** What steps put aside beside the ramp itself, relative to it. */
const OVERHEAD = 1.5;
/** Rates, errors, variances and flags of a pixel in one integration, and its zero frame. */
const RESULT = 24;
/** Planes of references: masks, coefficients, thresholds. */
const PLANES = 64;
/** Fewest rows worth fitting together; jumps also look at the neighbouring ones. */
export const FEWEST_ROWS = 4;

/** "1.5 GiB", "300 MiB". */
export function sizeText(bytes: number): string {
  return bytes >= 2 ** 30 ? `${(bytes / 2 ** 30).toFixed(1)} GiB` : `${Math.ceil(bytes / 2 ** 20)} MiB`;
}

function parts(s: RampShape): { fixed: number; integration: number; row: number } {
  const npix = s.nrows * s.ncols;
  return {
    // A dark has as many groups as the exposure.
    fixed: npix * (4 * s.ngroups + PLANES) + (s.nints + 1) * npix * RESULT,
    integration: s.ngroups * npix * SAMPLE * OVERHEAD,
    row: s.nints * s.ngroups * s.ncols * SAMPLE * OVERHEAD,
  };
}

/** About how many bytes it takes to calibrate an exposure in one piece. */
export function memoryNeeded(s: RampShape): number {
  const { fixed, integration } = parts(s);
  return fixed + s.nints * integration;
}

/** About how many bytes it takes when the exposure is cut as small as it goes. */
export function leastMemory(s: RampShape): number {
  const { fixed, integration, row } = parts(s);
  return fixed + Math.max(integration, row * (FEWEST_ROWS + 3));
}

/**
 * How to cut an exposure to fit into `budget` bytes; undefined when it fits as a whole.
 * @throws {ValidationError} when even the smallest pieces do not fit
 */
export function cutToFit(s: RampShape, budget: number | undefined): Cut | undefined {
  if (budget === undefined || memoryNeeded(s) <= budget) return undefined;
  const { fixed, integration, row } = parts(s);
  const least = leastMemory(s);
  if (s.nints === 1 || least > budget)
    throw new ValidationError(
      `this exposure (${s.nints} integrations of ${s.ngroups} groups of ${s.nrows} x ${s.ncols} pixels) needs about ` +
        `${sizeText(s.nints === 1 ? memoryNeeded(s) : least)}, and ${sizeText(budget)} are allowed: allow more memory`,
      { where: "memory" },
    );
  const room = budget - fixed;
  return {
    ints: Math.min(s.nints, Math.max(1, Math.floor(room / integration))),
    rows: Math.max(FEWEST_ROWS, Math.floor(room / row) - 3),
  };
}
