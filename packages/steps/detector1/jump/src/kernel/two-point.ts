import { type Executor, inlineExecutor, splitRange } from "@calwebb/array";
import { group } from "@calwebb/dqflags";
import { detectTask, surveyTask } from "./detect-range.js";
import { countUsable, dropRedundant, planeHas } from "./planes.js";
import type { Mode, RangeArgs } from "./range.js";
import type { DetectionSettings, JumpRamp } from "./settings.js";
import { flagNeighbours } from "./spots.js";
import { afterTask } from "./spread.js";

const { DO_NOT_USE, JUMP_DET } = group;

/** Fewest usable groups for the two-point method. */
const MINIMUM_GROUPS = 3;
/** What the reference implementation reports as the number of jumps when it could not look for them. */
const NOT_SEARCHED = -99;
/** Samples per piece of work. */
const PIECE = 4_000_000;

/** How pieces of work run. */
export interface Running {
  executor?: Executor | undefined;
  signal?: AbortSignal | undefined;
  onPiece?: (() => void) | undefined;
}

/** Pieces that {@link detectJumps} reports. */
export function pieceCount(ramp: JumpRamp): number {
  return pixelRanges(ramp).length;
}

function pixelRanges(ramp: JumpRamp): [number, number][] {
  const { nints, ngroups, nrows, ncols } = ramp;
  const rows = Math.max(1, Math.floor(PIECE / (nints * ngroups * ncols)));
  return splitRange(nrows * ncols, rows * ncols);
}

/** Median of the gains that are not NaN, in float32. */
export function medianGain(gain: Float32Array): number {
  const valid = gain.filter((v) => !Number.isNaN(v)).sort();
  const n = valid.length;
  if (n === 0) return Number.NaN;
  return n % 2 ? valid[n >> 1] : Math.fround(Math.fround(valid[n / 2 - 1] + valid[n / 2]) / 2);
}

/** Result of the two-point method. */
export interface TwoPointResult {
  /** Groups flagged as jumps before flags spread; -99 when there were too few groups to look. */
  jumps: number;
  searched: boolean;
  clipped: boolean;
}

/**
 * Flag jumps of all ramps in `groupdq`, in place: the two-point difference method, or sigma clipping where there are many
 * integrations; then neighbours and the groups after large jumps. The result does not depend on the executor.
 * @param gain - e-/DN, (nrows, ncols)
 * @param readnoise - correlated double sampling noise [DN], (nrows, ncols)
 */
export async function detectJumps(
  ramp: JumpRamp,
  gain: Float32Array,
  readnoise: Float32Array,
  settings: DetectionSettings,
  running: Running = {},
): Promise<TwoPointResult> {
  const { groupdq, nints, ngroups, nrows, ncols } = ramp;
  const npix = nrows * ncols;
  const usable = countUsable(groupdq, nints, ngroups, npix);
  const samples = settings.clipOverIntegrations ? nints : usable.total;
  const clipped = samples >= settings.clipFrom;
  if (usable.groups < MINIMUM_GROUPS && !clipped) {
    dropRedundant(groupdq);
    return { jumps: NOT_SEARCHED, searched: false, clipped: false };
  }
  let mode: Mode = usable.groups - 1 >= settings.singlePassFrom ? "single" : "iterative";
  if (clipped) mode = settings.clipOverIntegrations ? "clip-integrations" : "clip-all";
  const args: Omit<RangeArgs, "start" | "end"> = {
    ...ramp,
    npix,
    gain,
    readnoise,
    nframes: settings.nframes,
    mode,
    neighbours: settings.neighbours,
    threshold: settings.threshold,
    thresholdThree: settings.thresholdThree,
    thresholdTwo: settings.thresholdTwo,
  };
  const pieces = pixelRanges(ramp).map(([start, end]) => ({ ...args, start, end }));
  const executor = executorFor(running.executor, [ramp.data, groupdq]);
  const options = { signal: running.signal, onDone: () => running.onPiece?.() };
  let results = await executor.run(detectTask, pieces, options);
  if (clipped) {
    clearWholePlanes(groupdq, npix);
    results = await executor.run(surveyTask, pieces, { signal: running.signal });
  }
  for (const r of results) flagNeighbours(groupdq, r.spots, nrows, ncols);
  const { after } = settings;
  if (after !== null && (after.groups1 > 0 || after.groups2 > 0)) {
    const typical = medianGain(gain);
    const electrons = (dn: number): number => Math.fround(Math.fround(dn) * typical);
    const limits = {
      electrons1: electrons(after.dn1),
      groups1: after.groups1,
      electrons2: electrons(after.dn2),
      groups2: after.groups2,
    };
    await executor.run(
      afterTask,
      pieces.map((piece) => ({ ...piece, ...limits })),
      { signal: running.signal },
    );
  }
  return { jumps: results.reduce((sum, r) => sum + r.jumps, 0), searched: true, clipped };
}

/** Where sigma clipping flagged a whole group (or the rest of it is unusable), it found no jump: clear it. */
function clearWholePlanes(groupdq: Uint8Array, npix: number): void {
  for (let base = 0; base < groupdq.length; base += npix) {
    if (!planeHas(groupdq, base, npix, JUMP_DET | DO_NOT_USE)) continue;
    for (let p = base; p < base + npix; p++) if (groupdq[p] === JUMP_DET) groupdq[p] = 0;
  }
}

const isShared = (a: ArrayBufferView): boolean =>
  typeof SharedArrayBuffer !== "undefined" && a.buffer instanceof SharedArrayBuffer;

/** Workers see what is written only in shared memory; without it the pieces run here. */
export function executorFor(executor: Executor | undefined, arrays: readonly ArrayBufferView[]): Executor {
  if (executor === undefined || executor.workers <= 1) return inlineExecutor;
  return arrays.every(isShared) ? executor : inlineExecutor;
}
