import { sigmaClippedStatistics } from "@calwebb/stats";

/** The ramps of an IRS2 exposure: lines along the long axis of the science frame hold the interleaved reference pixels. */
export interface Irs2Ramps {
  /** [nints, ngroups, ny, nx], float32; ny is the long axis (3200). */
  data: Float32Array;
  nints: number;
  ngroups: number;
  ny: number;
  nx: number;
  /** Samples of science pixels between two excursions. */
  normal: number;
  /** Reference samples of an excursion. */
  reference: number;
}

/** First lines of the pairs of reference reads of one of five sectors. */
function pairsOf(ramps: Irs2Ramps, sector: number): number[] {
  const length = Math.floor(ramps.ny / 5);
  const out: number[] = [];
  for (let start = ramps.normal >> 1; start < length; start += ramps.normal + ramps.reference)
    for (let i = 0; i < ramps.reference; i += 2) out.push(sector * length + start + i);
  return out;
}

/** Lines that hold interleaved reference pixels. */
export function interleavedLines(ramps: Irs2Ramps): Uint8Array {
  const out = new Uint8Array(ramps.ny);
  for (let sector = 0; sector < 5; sector++)
    for (const line of pairsOf(ramps, sector)) out.fill(1, line, Math.min(ramps.ny, line + 2));
  return out;
}

/** Mean absolute difference of the two reads of a pair, their mean and their standard deviation in one integration. */
function pairStatistics(ramps: Irs2Ramps, integration: number, line: number): [number, number, number] {
  const { data, ngroups, ny, nx } = ramps;
  const n = ngroups * nx;
  let difference = 0;
  let sum = 0;
  for (let g = 0; g < ngroups; g++) {
    const at = ((integration * ngroups + g) * ny + line) * nx;
    for (let x = 0; x < nx; x++) {
      const a = data[at + x];
      const b = data[at + nx + x];
      difference += Math.abs(b - a);
      sum += a + b;
    }
  }
  const mean = sum / (2 * n);
  let squares = 0;
  for (let g = 0; g < ngroups; g++) {
    const at = ((integration * ngroups + g) * ny + line) * nx;
    for (let x = 0; x < 2 * nx; x++) squares += (data[at + x] - mean) ** 2;
  }
  return [difference / n, mean, Math.sqrt(squares / (2 * n))];
}

/**
 * Find reference pixels that stand out among those of their amplifier in any integration: by the difference of their two
 * reads, by their mean, or by their scatter.
 * @param bad - lines known to be bad (1); those found are added
 * @param sigma - how many clipped standard deviations above the clipped mean stand out
 */
export function findBadLines(ramps: Irs2Ramps, bad: Uint8Array, sigma: number): void {
  const known = bad.slice();
  for (let sector = 0; sector < 5; sector++) {
    for (let i = 0; i < ramps.nints; i++) {
      const lines = pairsOf(ramps, sector).filter((line) => known[line] === 0 && known[line + 1] === 0);
      const statistics = lines.map((line) => pairStatistics(ramps, i, line));
      for (let kind = 0; kind < 3; kind++) {
        const values = statistics.map((s) => s[kind]);
        const { mean, std } = sigmaClippedStatistics(values, sigma);
        values.forEach((value, k) => {
          if (value - mean > sigma * std) bad[lines[k]] = bad[lines[k] + 1] = 1;
        });
      }
    }
  }
}

/** Which lines may replace a bad one. */
export interface Replacement {
  /** Lines whose values are averaged; none: the value becomes 0 and is interpolated later. */
  from: number[];
}

/**
 * What replaces a bad reference line: the mean of the lines of the same parity in the two nearest excursions, else the one
 * of them that is good, else a good neighbour of the other parity, else nothing.
 * @param bad - 1: bad; @param interleaved - 1: reference line
 * @param low - first line of the amplifier; @param high - end of it
 */
export function replacementOf(
  line: number,
  bad: Uint8Array,
  interleaved: Uint8Array,
  low: number,
  high: number,
  period: number,
): Replacement {
  const below = line - period;
  const above = line + period;
  const from: number[] = [];
  if (below >= low && bad[below] === 0) from.push(below);
  if (above < high && bad[above] === 0) from.push(above);
  if (from.length > 0) return { from };
  if (line - 2 >= low && interleaved[line - 2] !== 0 && bad[line - 2] === 0) return { from: [line - 2] };
  if (line + 2 < high && interleaved[line + 2] !== 0 && bad[line + 2] === 0) return { from: [line + 2] };
  return { from };
}

/** Put the replacement into a line of all groups. */
export function replaceLine(ramps: Irs2Ramps, line: number, { from }: Replacement): void {
  const { data, ny, nx } = ramps;
  const size = ny * nx;
  for (let base = 0; base < data.length; base += size) {
    const at = base + line * nx;
    if (from.length === 0) data.fill(0, at, at + nx);
    else if (from.length === 1) data.copyWithin(at, base + from[0] * nx, base + (from[0] + 1) * nx);
    else averageLine(data, at, base + from[0] * nx, base + from[1] * nx, nx);
  }
}

function averageLine(data: Float32Array, at: number, a: number, b: number, nx: number): void {
  for (let x = 0; x < nx; x++) data[at + x] = Math.fround(data[a + x] + data[b + x]) / 2;
}

/** Replace all bad lines, sector by sector in rising order; returns how many there are. */
export function replaceBadLines(ramps: Irs2Ramps, bad: Uint8Array): number {
  const interleaved = interleavedLines(ramps);
  const length = Math.floor(ramps.ny / 5);
  let count = 0;
  for (let line = 0; line < 5 * length; line++) {
    if (bad[line] === 0) continue;
    count++;
    const low = Math.floor(line / length) * length;
    replaceLine(ramps, line, replacementOf(line, bad, interleaved, low, low + length, ramps.normal + ramps.reference));
  }
  return count;
}

/** Bad interleaved pixels of a reference file: amplifier 1..4, first or second pair of an excursion, bits of excursions. */
export interface BadPixelRow {
  output: number;
  oddEven: number;
  mask: number;
}

/**
 * Replace the reference pixels that the reference file calls bad and that were not replaced before.
 * @param bad - lines replaced already, in detector order; those handled here are added
 * @param toLine - line of the science frame for an index in detector order
 */
export function replaceListedLines(
  ramps: Irs2Ramps,
  rows: readonly BadPixelRow[],
  bad: Uint8Array,
  toLine: (index: number) => number,
): void {
  const length = Math.floor(ramps.ny / 5);
  const period = ramps.normal + ramps.reference;
  const science = interleavedLines(ramps);
  const interleaved = science.map((_, i) => science[toLine(i)]);
  // The reference output counts as another amplifier.
  for (const { output, oddEven, mask } of rows) {
    const offset = output * length;
    // Every other amplifier is read backwards.
    const pair = output % 2 === 0 ? 3 - oddEven : oddEven;
    const added: number[] = [];
    for (let k = 0; k < 32; k++) {
      if (((mask >>> k) & 1) === 0) continue;
      const first = offset + (ramps.normal >> 1) + k * period + 2 * (pair - 1);
      for (const index of [first, first + 1])
        if (index < bad.length && bad[index] === 0) {
          bad[index] = 1;
          added.push(index);
        }
    }
    for (const index of added) {
      const { from } = replacementOf(index, bad, interleaved, offset, offset + length, period);
      replaceLine(ramps, toLine(index), { from: from.map(toLine) });
    }
  }
}
