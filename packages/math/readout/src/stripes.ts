/** Rows and columns of a full near-infrared detector. */
export const DETECTOR_SIZE = 2048;

/** Keywords of a subarray that the layout of its stripes follows from. */
export interface StripeMeta {
  name?: string;
  xstart?: number;
  ystart?: number;
  xsize?: number;
  ysize?: number;
  fastaxis?: number;
  slowaxis?: number;
  /** Lines of reference pixels read before each stripe. */
  multistripe_reads1?: number;
  /** Lines skipped after them. */
  multistripe_skips1?: number;
  /** Lines of a stripe; 0: the step of the superstripes. */
  multistripe_reads2?: number;
  /** Lines skipped between stripes. */
  multistripe_skips2?: number;
  /** Go back to the first line after every stripe. */
  repeat_stripe?: number;
  /** Move on by one stripe at each repetition. */
  interleave_reads1?: number;
  /** Lines from one superstripe to the next. */
  superstripe_step?: number;
  /** Superstripes of an exposure, one per integration in turn; 0: all stripes in every integration. */
  num_superstripe?: number;
}

/** Lines [full, full + length) of the detector are lines [line, line + length) of the subarray, along the slow axis. */
export interface StripeRange {
  line: number;
  full: number;
  length: number;
}

/** The stripes that one integration reads, in the detector frame. */
export interface StripeLayout {
  science: StripeRange[];
  reference: StripeRange[];
}

/** Whether an exposure is read in stripes. */
export function isMultistripe(meta: StripeMeta): boolean {
  return meta.multistripe_reads1 !== undefined && meta.multistripe_reads1 !== null;
}

/** First line of the readout on the detector, 0-based; early products count from the wrong end. */
function firstLine(meta: StripeMeta, warn: (message: string) => void): number {
  const start = Math.abs(meta.slowaxis ?? 2) === 2 ? (meta.ystart ?? 1) : (meta.xstart ?? 1);
  let line = start - 1;
  if ((meta.slowaxis ?? 1) < 0) {
    line = start === 1 ? 0 : DETECTOR_SIZE - start;
    if (start === 1) warn(`slow start is 1 for SLOWAXIS=${meta.slowaxis}; taken as line 0 of the detector`);
  }
  if ((meta.name ?? "").toUpperCase().includes("DHS") && line !== 0) {
    warn("DHS subarrays start at line 0 of the detector; the start given is not used");
    return 0;
  }
  return line;
}

/** Lines of the subarray along the slow axis. */
export function slowSize(meta: StripeMeta): number {
  return (Math.abs(meta.fastaxis ?? 1) === 1 ? meta.ysize : meta.xsize) ?? 0;
}

/**
 * Which lines of the detector make up the lines of each superstripe; one layout when there are none.
 * @throws {RangeError} when the stripes do not fill the subarray
 */
export function stripeLayouts(meta: StripeMeta, warn: (message: string) => void = () => {}): StripeLayout[] {
  const superstripes = meta.num_superstripe ?? 0;
  const step = meta.superstripe_step ?? 0;
  const reads1 = meta.multistripe_reads1 ?? 0;
  const skips1 = meta.multistripe_skips1 ?? 0;
  const skips2 = meta.multistripe_skips2 ?? 0;
  let reads2 = meta.multistripe_reads2 ?? 0;
  if (reads2 <= 0 && superstripes > 0) reads2 = step;
  if (reads2 <= 0) throw new RangeError(`stripes of ${reads2} lines (multistripe_reads2) cannot be laid out`);
  const start = firstLine(meta, warn);
  const size = slowSize(meta);
  return Array.from({ length: Math.max(1, superstripes) }, (_, stripe) => {
    const layout: StripeLayout = { science: [], reference: [] };
    let line = 0;
    let full = start;
    const read = (into: StripeRange[], length: number): void => {
      if (length <= 0) return;
      into.push({ line, full, length });
      line += length;
      full += length;
    };
    const offset = step * stripe;
    let interleaved = skips1;
    read(layout.reference, reads1);
    full += skips1 + offset;
    read(layout.science, reads2);
    while (line < size) {
      if ((meta.repeat_stripe ?? 0) > 0) {
        full = start;
        read(layout.reference, reads1);
        if (meta.interleave_reads1) {
          interleaved += skips2 + reads2;
          full += interleaved;
        } else full += skips1 + offset;
      } else full += skips2;
      read(layout.science, reads2);
    }
    if (line !== size) throw new RangeError(`stripes fill ${line} lines of a subarray of ${size}`);
    return layout;
  });
}

/**
 * Detector line of each line of the subarray, -1 where none is read.
 */
export function stripeLines(layout: StripeLayout, size: number): Int32Array {
  const lines = new Int32Array(size).fill(-1);
  for (const { line, full, length } of [...layout.science, ...layout.reference])
    for (let i = 0; i < length; i++) lines[line + i] = full + i;
  return lines;
}
