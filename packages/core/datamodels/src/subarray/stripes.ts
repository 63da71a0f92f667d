import { type NdArray, ndarray, type TypedArray } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import type { Model } from "../model.js";
import { sliced, toDetectorFrame, toScienceFrame } from "./frame.js";
import { nameOf, type WarnLog } from "./match.js";

const DETECTOR = 2048;

/** Rows [start, end) along the slow axis. */
export type Rows = readonly [start: number, end: number];

/** For every stripe: which rows of the full frame went to which rows of the subarray. */
export interface StripeRanges {
  readonly full: readonly Rows[];
  readonly subarray: readonly Rows[];
  readonly referenceFull: readonly Rows[];
  readonly referenceSubarray: readonly Rows[];
}

/** How the rows of a multistripe readout are chosen. */
interface Pattern {
  reads1: number;
  skips1: number;
  reads2: number;
  skips2: number;
  repeat: boolean;
  interleave: boolean;
  step: number;
  stripes: number;
  start: number;
  size: number;
}

function patternOf(science: Model, log: WarnLog | undefined): Pattern {
  const s = science.meta.subarray as unknown as Record<string, number | string | undefined>;
  const number = (name: string): number => Number(s[name] ?? 0);
  const slowaxis = number("slowaxis");
  const alongY = Math.abs(number("fastaxis")) === 1;
  const size = number(alongY ? "ysize" : "xsize");
  const corner = number(alongY ? "ystart" : "xstart");
  // The corner counts in the science frame; readouts of a reversed axis begin at its end.
  let start = slowaxis < 0 ? (corner === 1 ? 0 : DETECTOR - corner) : corner - 1;
  if (slowaxis < 0 && corner === 1)
    log?.warn(`${nameOf(science)}: slow start 1 with SLOWAXIS ${slowaxis}; taken as the first row read`);
  if (
    String(s.name ?? "")
      .toUpperCase()
      .includes("DHS") &&
    start !== 0
  ) {
    log?.warn(`${nameOf(science)}: DHS readouts start at the first row`);
    start = 0;
  }
  return {
    reads1: number("multistripe_reads1"),
    skips1: number("multistripe_skips1"),
    reads2: number("multistripe_reads2"),
    skips2: number("multistripe_skips2"),
    repeat: number("repeat_stripe") > 0,
    interleave: number("interleave_reads1") > 0,
    step: number("superstripe_step"),
    stripes: number("num_superstripe"),
    start,
    size,
  };
}

/** Rows of one superstripe (number `stripe`), or of the only set of substripes. */
function rowsOf(p: Pattern, stripe: number, science: Model): StripeRanges {
  const full: Rows[] = [];
  const subarray: Rows[] = [];
  const referenceFull: Rows[] = [];
  const referenceSubarray: Rows[] = [];
  const reads2 = p.reads2 > 0 ? p.reads2 : p.step;
  if (reads2 <= 0)
    throw new ValidationError(`${nameOf(science)}: multistripe readout without rows to read (multistripe_reads2)`);
  const shift = p.step * stripe;
  let line = p.start;
  let row = 0;
  const reference = (): void => {
    if (p.reads1 <= 0) return;
    referenceFull.push([line, line + p.reads1]);
    referenceSubarray.push([row, row + p.reads1]);
    line += p.reads1;
    row += p.reads1;
  };
  const read = (): void => {
    full.push([line, line + reads2]);
    subarray.push([row, row + reads2]);
    line += reads2;
    row += reads2;
  };
  reference();
  line += p.skips1 + shift;
  read();
  let interleaved = p.skips1;
  while (row < p.size) {
    if (p.repeat) {
      line = p.start;
      reference();
      if (p.interleave) {
        interleaved += p.skips2 + reads2;
        line += interleaved;
      } else line += p.skips1 + shift;
    } else line += p.skips2;
    read();
  }
  if (row !== p.size)
    throw new ValidationError(`${nameOf(science)}: the stripes have ${row} rows, the subarray ${p.size}`, {
      got: `${row}`,
      wanted: `${p.size}`,
    });
  return { full, subarray, referenceFull, referenceSubarray };
}

/**
 * Rows that a multistripe exposure read, in the detector frame: one set per superstripe, a single set for substripes.
 * @throws {ValidationError} when the stripes do not fill the subarray
 */
export function stripeRanges(science: Model, log?: WarnLog): StripeRanges[] {
  const p = patternOf(science, log);
  return Array.from({ length: Math.max(1, p.stripes) }, (_, k) => rowsOf(p, k, science));
}

function copyRows(from: NdArray, to: NdArray, source: readonly Rows[], target: readonly Rows[]): void {
  source.forEach((rows, i) => {
    const a = sliced(from, -2, rows[0], rows[1]).copy();
    const b = sliced(to, -2, target[i][0], target[i][1]);
    assign(b, a);
  });
}

/** Copy the elements of an array into a view of the same shape. */
function assign(view: NdArray, values: NdArray): void {
  const n = view.shape.length;
  const columns = view.shape[n - 1];
  const rows = view.size / Math.max(1, columns);
  const at = new Array<number>(n - 1).fill(0);
  const flat = values.flat();
  const step = view.stride[n - 1];
  for (let r = 0; r < rows; r++) {
    let p = view.offset;
    for (let k = 0; k < n - 1; k++) p += at[k] * view.stride[k];
    for (let c = 0; c < columns; c++) view.data[p + c * step] = flat[r * columns + c] as never;
    for (let k = n - 2; k >= 0 && ++at[k] === view.shape[k]; k--) at[k] = 0;
  }
}

/**
 * The rows of a full-size reference array that a multistripe exposure read, laid out as the exposure is.
 * @param reference - [..., rows, columns] in the science frame, full size along the slow axis
 * @returns a new array: [..., ny, nx] for substripes, [stripes, ny, nx] for superstripes (reference of two dimensions)
 */
export function stripeReference(reference: NdArray, science: Model, log?: WarnLog): NdArray {
  const { fastaxis = 1, slowaxis = 1, xsize = 0, ysize = 0 } = science.meta.subarray;
  const detector = toDetectorFrame(reference, fastaxis, slowaxis);
  const [slow, fast] = Math.abs(fastaxis) === 1 ? [ysize, xsize] : [xsize, ysize];
  const sets = stripeRanges(science, log);
  const stripes = science.meta.subarray.num_superstripe ?? 0;
  if (stripes > 0 && detector.shape.length !== 2)
    throw new ValidationError(`a reference array of ${detector.shape.length} dimensions cannot be cut to superstripes`);
  const lead = stripes > 0 ? [stripes] : detector.shape.slice(0, -2);
  const out = ndarray(detector.dtype, [...lead, slow, fast]) as NdArray<TypedArray>;
  sets.forEach((set, k) => {
    const target = stripes > 0 ? out.pick(k) : out;
    copyRows(detector, target, set.full, set.subarray);
    copyRows(detector, target, set.referenceFull, set.referenceSubarray);
  });
  return toScienceFrame(out, fastaxis, slowaxis).copy();
}
