/** Lines of a frame. */
export const LINES = 2048;
/** Science pixels per line and amplifier. */
const SCIENCE = 512;
/** Pixel times that pass before a new line starts. */
const LINE_PAUSE = 8;

/** Positions within one line of one amplifier, in pixels as stored and in pixel times as read. */
export interface Irs2Layout {
  /** Pixel times per line: science and reference samples, the jumps between them, the pause. */
  times: number;
  /** Stored samples per amplifier and line. */
  stored: number;
  /** Stored position of each science pixel, and its time. */
  science: Int32Array;
  scienceTime: Int32Array;
  /** Stored position of each reference sample, and its time. */
  reference: Int32Array;
  referenceTime: Int32Array;
  /** Time of each stored sample in rising order. */
  allTimes: Int32Array;
  /** Reference samples stretched over their surroundings: the value at time `from[i]` is also taken for time `to[i]`. */
  from: Int32Array;
  to: Int32Array;
}

/**
 * How one line of an amplifier runs in time: half a block of science pixels, a jump, the reference samples, a jump, science pixels...
 * @param normal - science samples between two excursions (NRS_NORM)
 * @param reference - reference samples of an excursion (NRS_REF)
 */
export function irs2Layout(normal: number, reference: number): Irs2Layout {
  const half = normal >> 1;
  const blocks = Math.floor(SCIENCE / normal);
  const times = Math.floor(((normal + reference + 2) * SCIENCE) / normal) + LINE_PAUSE;
  const pixels = Int32Array.from({ length: SCIENCE }, (_, i) => i);
  const passed = pixels.map((i) => Math.floor((i + half) / normal));
  const science = pixels.map((i) => i + reference * passed[i]);
  const scienceTime = pixels.map((i) => i + (reference + 2) * passed[i]);
  const samples = Int32Array.from({ length: blocks * reference }, (_, i) => i);
  const ref = samples.map((i) => i + normal * Math.floor(i / reference) + half);
  const referenceTime = samples.map((i) => i + (normal + 2) * Math.floor(i / reference) + half + 1);
  const { from, to } = stretch(normal, reference, blocks);
  return {
    times,
    stored: SCIENCE + blocks * reference,
    science,
    scienceTime,
    reference: ref,
    referenceTime,
    allTimes: Int32Array.from([...scienceTime, ...referenceTime]).sort(),
    from,
    to,
  };
}

/**
 * The reference samples come in pairs of the same parity; each block is widened to twice its length, the two halves of it repeated so
 * that parity is kept.
 */
function stretch(normal: number, reference: number, blocks: number): { from: Int32Array; to: Int32Array } {
  const half = normal >> 1;
  const pair = reference >> 1;
  const period = normal + reference + 2;
  const first = half + 1 - pair;
  const last = half + 1 + reference + pair;
  // Samples 0 2 0 2 1 3 1 3 of a block of four.
  const order: number[] = [];
  for (let i = 0; i < pair; i++) for (let twice = 0; twice < 2; twice++) order.push(i, pair + i);
  const start = ((normal - reference) >> 1) + 1;
  const end = half + 1 + Math.floor((3 * reference) / 2);
  const from: number[] = [];
  const to: number[] = [];
  for (let b = 0; b < blocks; b++) {
    for (let t = start; t < Math.min(end, period); t++) {
      to.push(b * period + t);
      const inside = t >= first && t < last;
      from.push(b * period + (inside ? half + 1 + order[t - first] : t));
    }
  }
  if (reference % 4 === 2) for (let i = 0; i + 1 < from.length; i += 2) [from[i], from[i + 1]] = [from[i + 1], from[i]];
  return { from: Int32Array.from(from), to: Int32Array.from(to) };
}
