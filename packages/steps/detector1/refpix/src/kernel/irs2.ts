import { defineTask, type Task } from "@calwebb/array";
import { type RealFftPlan, realFftPlan } from "@calwebb/fft";
import { edgeFilter, interpolateGaps, removeSlope } from "./irs2-filter.js";
import { type Irs2Layout, irs2Layout, LINES } from "./irs2-layout.js";

/** Amplifiers with science pixels; the reference output comes before them. */
const AMPLIFIERS = 4;
/** How often the gaps of the reference output are filtered. */
const ITERATIONS = 3;

/** Planes [from, to) of an IRS2 exposure. */
export interface Irs2Piece {
  /** [planes, 5 * stored, lines] in the science frame, float32. */
  data: Float32Array;
  /** Mean of each integration's groups, [nints, 5 * stored, lines], float64. */
  mean: Float64Array;
  /** [planes, 2048, lines]; with `preserve` the same array as data. */
  out: Float32Array;
  /** Groups per integration. */
  ngroups: number;
  normal: number;
  reference: number;
  /** Science samples (1) along the long axis, detector order. */
  mask: Uint8Array;
  /** Both axes run backwards in the science frame (NRS2). */
  reversed: boolean;
  /** Weights of the reference output and of the interleaved pixels, per amplifier, bins of a real transform. */
  alpha: Float64Array[];
  beta: Float64Array[];
  /** Keep the reference samples in the result. */
  preserve: boolean;
  from: number;
  to: number;
}

/** Memory of one piece. */
interface Scratch {
  layout: Irs2Layout;
  fft: RealFftPlan;
  filter: Float64Array;
  /** Frames of the five sectors in time order. */
  frames: Float32Array[];
  signal: Float64Array;
  spectrum: Float64Array;
  refout: Float64Array;
}

/** Mean over the groups of integrations [from, to), in float64: [nints, size]. */
export function meanPlanes(piece: {
  data: Float32Array;
  mean: Float64Array;
  ngroups: number;
  size: number;
  from: number;
  to: number;
}): void {
  const { data, mean, ngroups, size } = piece;
  for (let i = piece.from; i < piece.to; i++) {
    const m = mean.subarray(i * size, (i + 1) * size);
    m.fill(0);
    for (let g = 0; g < ngroups; g++) addTo(m, data, (i * ngroups + g) * size);
    for (let p = 0; p < size; p++) m[p] /= ngroups;
  }
}

function addTo(sum: Float64Array, data: Float32Array, base: number): void {
  for (let p = 0; p < sum.length; p++) sum[p] += data[base + p];
}

/** Correct planes with the reference output and the interleaved reference pixels; see docs.md. */
export function correctIrs2(piece: Irs2Piece): void {
  const layout = irs2Layout(piece.normal, piece.reference);
  const n = LINES * layout.times;
  const fft = realFftPlan(n);
  const scratch: Scratch = {
    layout,
    fft,
    filter: edgeFilter(LINES, layout.times, piece.normal, piece.reference),
    frames: Array.from({ length: AMPLIFIERS + 1 }, () => new Float32Array(n)),
    signal: new Float64Array(n),
    spectrum: new Float64Array(2 * fft.bins),
    refout: new Float64Array(2 * fft.bins),
  };
  for (let plane = piece.from; plane < piece.to; plane++) correctPlane(piece, plane, scratch);
}

function correctPlane(piece: Irs2Piece, plane: number, scratch: Scratch): void {
  const { frames, layout } = scratch;
  const size = 5 * layout.stored * LINES;
  const base = plane * size;
  const mean = Math.floor(plane / piece.ngroups) * size;
  for (let sector = 0; sector <= AMPLIFIERS; sector++) {
    readSector(frames[sector], piece, base, mean, sector, layout);
    removeSlope(frames[sector], LINES, layout.times);
  }
  interpolateGaps(frames[0]);
  fillReferenceOutput(frames[0], scratch);
  scratch.fft.forward(scratch.refout, frames[0]);
  if (piece.preserve) writeReferenceOutput(piece, base, mean, frames[0], layout);
  for (let amp = 1; amp <= AMPLIFIERS; amp++) {
    referenceSignal(frames[amp], piece.alpha[amp - 1], piece.beta[amp - 1], scratch);
    if (piece.preserve) writeAll(piece, base, mean, amp, frames[amp], scratch);
    else writeScience(piece, plane * LINES * LINES, mean, amp, frames[amp], scratch);
  }
}

/** The sectors 0, 2 and 4 are read backwards. */
const backwards = (sector: number): boolean => sector % 2 === 0;

/** Stored column (detector order) of position h of a sector. */
const columnOf = (sector: number, h: number, stored: number): number =>
  sector * stored + (backwards(sector) ? stored - 1 - h : h);

/** Samples of one sector less the mean, in time order; 0 where nothing is read. */
function readSector(
  frame: Float32Array,
  piece: Irs2Piece,
  base: number,
  mean: number,
  sector: number,
  layout: Irs2Layout,
): void {
  frame.fill(0);
  const read = (h: number, time: number): void => {
    const c = columnOf(sector, h, layout.stored);
    const line = (piece.reversed ? 5 * layout.stored - 1 - c : c) * LINES;
    readLine(frame, piece.data, piece.mean, base + line, mean + line, time, layout.times, piece.reversed);
  };
  layout.science.forEach((h, i) => {
    read(h, layout.scienceTime[i]);
  });
  layout.reference.forEach((h, i) => {
    read(h, layout.referenceTime[i]);
  });
}

function readLine(
  frame: Float32Array,
  data: Float32Array,
  mean: Float64Array,
  at: number,
  m: number,
  time: number,
  times: number,
  reversed: boolean,
): void {
  if (reversed) for (let r = 0; r < LINES; r++) frame[time + (LINES - 1 - r) * times] = data[at + r] - mean[m + r];
  else for (let r = 0; r < LINES; r++) frame[time + r * times] = data[at + r] - mean[m + r];
}

/** Replace everything but the science samples of the reference output by what a low-pass filter makes of it. */
function fillReferenceOutput(frame: Float32Array, { fft, filter, layout, signal, spectrum }: Scratch): void {
  for (let i = 0; i < frame.length; i++) signal[i] = frame[i];
  for (let it = 0; it < ITERATIONS; it++) {
    fft.forward(spectrum, signal);
    for (let k = 0; k < filter.length; k++) {
      spectrum[2 * k] *= filter[k];
      spectrum[2 * k + 1] *= filter[k];
    }
    fft.inverse(signal, spectrum);
    restore(signal, frame, layout);
  }
  for (let i = 0; i < frame.length; i++) frame[i] = signal[i];
}

function restore(signal: Float64Array, frame: Float32Array, { times, scienceTime }: Irs2Layout): void {
  for (let base = 0; base < frame.length; base += times)
    for (let i = 0; i < scienceTime.length; i++) signal[base + scienceTime[i]] = frame[base + scienceTime[i]];
}

/** Correction of one amplifier in time order, into scratch.signal. */
function referenceSignal(frame: Float32Array, alpha: Float64Array, beta: Float64Array, scratch: Scratch): void {
  const { fft, layout, signal, spectrum, refout } = scratch;
  const { from, to, times } = layout;
  signal.fill(0);
  for (let base = 0; base < frame.length; base += times)
    for (let i = 0; i < to.length; i++) signal[base + to[i]] = frame[base + from[i]];
  fft.forward(spectrum, signal);
  combine(spectrum, refout, alpha, beta);
  fft.inverse(signal, spectrum);
}

/** a := a * beta + b * alpha, complex. */
function combine(a: Float64Array, b: Float64Array, alpha: Float64Array, beta: Float64Array): void {
  for (let k = 0; k < a.length; k += 2) {
    const re = a[k] * beta[k] - a[k + 1] * beta[k + 1] + b[k] * alpha[k] - b[k + 1] * alpha[k + 1];
    const im = a[k] * beta[k + 1] + a[k + 1] * beta[k] + b[k] * alpha[k + 1] + b[k + 1] * alpha[k];
    a[k] = re;
    a[k + 1] = im;
  }
}

/** Science pixels of an amplifier, corrected, with their mean put back, without the reference samples. */
function writeScience(
  piece: Irs2Piece,
  base: number,
  mean: number,
  amp: number,
  frame: Float32Array,
  { layout, signal }: Scratch,
): void {
  const { stored, times, scienceTime } = layout;
  const count = scienceTime.length;
  // Stored column of each science column of the amplifier, in detector order.
  const columns: number[] = [];
  for (let c = amp * stored; c < (amp + 1) * stored; c++) if (piece.mask[c] !== 0) columns.push(c);
  for (let j = 0; j < count; j++) {
    const k = backwards(amp) ? count - 1 - j : j;
    const column = (amp - 1) * count + k;
    const line = piece.reversed ? LINES - 1 - column : column;
    const stored0 = piece.reversed ? 5 * stored - 1 - columns[k] : columns[k];
    const at = base + line * LINES;
    writeLine(piece, at, mean + stored0 * LINES, frame, signal, scienceTime[j], times, 1);
  }
}

/** All samples of an amplifier; the reference samples without their mean. */
function writeAll(
  piece: Irs2Piece,
  base: number,
  mean: number,
  amp: number,
  frame: Float32Array,
  { layout, signal }: Scratch,
): void {
  const { stored, times, allTimes } = layout;
  for (let h = 0; h < allTimes.length; h++) {
    const c = columnOf(amp, h, stored);
    const line = (piece.reversed ? 5 * stored - 1 - c : c) * LINES;
    writeLine(piece, base + line, mean + line, frame, signal, allTimes[h], times, piece.mask[c]);
  }
}

/** The filled reference output with its mean. */
function writeReferenceOutput(
  piece: Irs2Piece,
  base: number,
  mean: number,
  frame: Float32Array,
  layout: Irs2Layout,
): void {
  const { stored, times, allTimes } = layout;
  for (let h = 0; h < allTimes.length; h++) {
    const c = columnOf(0, h, stored);
    const line = (piece.reversed ? 5 * stored - 1 - c : c) * LINES;
    writeLine(piece, base + line, mean + line, frame, undefined, allTimes[h], times, 1);
  }
}

function writeLine(
  { out, mean, reversed }: Irs2Piece,
  at: number,
  m: number,
  frame: Float32Array,
  signal: Float64Array | undefined,
  time: number,
  times: number,
  withMean: number,
): void {
  for (let r = 0; r < LINES; r++) {
    const t = time + (reversed ? LINES - 1 - r : r) * times;
    const v = signal === undefined ? frame[t] : Math.fround(frame[t] - Math.fround(signal[t]));
    out[at + r] = withMean !== 0 ? v + mean[m + r] : v;
  }
}

export const irs2Task: Task<Irs2Piece, void> = defineTask(import.meta.url, "correctIrs2", correctIrs2);
export const meanTask: Task<Parameters<typeof meanPlanes>[0], void> = defineTask(
  import.meta.url,
  "meanPlanes",
  meanPlanes,
);
