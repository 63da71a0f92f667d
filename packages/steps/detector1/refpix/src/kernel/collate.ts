import {
  DETECTOR_SIZE,
  type DetectorFrame,
  detectorFrame,
  type StripeLayout,
  type StripeMeta,
  type StripeRange,
  slowSize,
  stripeLayouts,
} from "@calwebb/readout";

/** Subarrays whose frames are padded to the full detector along the slow axis when their stripes are put together. */
const PADDED = new Set(["SUB17STRIPE_SOSS", "SUB60STRIPE_SOSS", "SUB204STRIPE_SOSS", "SUB680STRIPE_SOSS"]);

/** How the superstripes of an exposure make up frames. */
export interface StripePlacement {
  layouts: StripeLayout[];
  /** Times that a stripe is read per frame. */
  repeats: number;
  /** Lines of a frame along the slow axis, and the detector line of the first. */
  lines: number;
  firstLine: number;
  /** Start of the frame along the slow axis in the science frame, 1-based. */
  start: number;
  /** Rows and columns of a stripe plane and of a frame, science frame. */
  from: [number, number];
  to: [number, number];
}

/** Where the stripes of an exposure go. */
export function placeStripes(meta: StripeMeta): StripePlacement {
  const layouts = stripeLayouts(meta);
  const along = Math.abs(meta.fastaxis ?? 1) === 1;
  const backwards = (meta.slowaxis ?? 1) < 0;
  const science = layouts.flatMap((l) => l.science);
  const low = Math.min(...science.map((s) => s.full));
  const high = Math.max(...science.map((s) => s.full + s.length));
  const padded = PADDED.has(meta.name ?? "");
  const lines = padded ? DETECTOR_SIZE : high - low;
  const fast = (along ? meta.xsize : meta.ysize) ?? 0;
  const slow = slowSize(meta);
  return {
    layouts,
    repeats: Math.max(...layouts.map((l) => l.science.length)),
    lines,
    firstLine: padded ? 0 : low,
    start: padded ? 1 : (backwards ? DETECTOR_SIZE - high : low) + 1,
    from: along ? [slow, fast] : [fast, slow],
    to: along ? [lines, fast] : [fast, lines],
  };
}

/** Copy of stripe planes into frames. */
export interface CollatePiece<T> {
  /** [nints * stripes, groups, stripe plane] */
  source: T;
  /** [nints, groups * repeats, frame]; lines that no stripe reads keep their value. */
  target: T;
  placement: StripePlacement;
  fastaxis: number;
  slowaxis: number;
  /** Groups per integration of the source. */
  groups: number;
  /** All repeats go into one frame, later ones over earlier ones, instead of making groups of their own. */
  merge: boolean;
}

/** Put the stripes of each integration into frames: every repeat of a stripe makes a group of its own. */
export function collate<T extends Float32Array | Uint8Array | Uint32Array>(piece: CollatePiece<T>): void {
  const { source, target, placement, groups } = piece;
  const { layouts, firstLine } = placement;
  const repeats = piece.merge ? 1 : placement.repeats;
  const a = detectorFrame(...placement.from, piece.fastaxis, piece.slowaxis);
  const b = detectorFrame(...placement.to, piece.fastaxis, piece.slowaxis);
  const sizeA = placement.from[0] * placement.from[1];
  const sizeB = placement.to[0] * placement.to[1];
  const frames = target.length / sizeB;
  for (let frame = 0; frame < frames; frame++) {
    const integration = Math.floor(frame / (groups * repeats));
    const group = Math.floor((frame % (groups * repeats)) / repeats);
    for (let stripe = 0; stripe < layouts.length; stripe++) {
      const from = ((integration * layouts.length + stripe) * groups + group) * sizeA + a.offset;
      const to = frame * sizeB + b.offset;
      const { science } = layouts[stripe];
      for (const range of piece.merge ? science : [science[frame % repeats]])
        copyLines(source, from, a, target, to - firstLine * b.rowStride, b, range);
    }
  }
}

function copyLines<T extends Float32Array | Uint8Array | Uint32Array>(
  source: T,
  from: number,
  a: DetectorFrame,
  target: T,
  to: number,
  b: DetectorFrame,
  { line, full, length }: StripeRange,
): void {
  for (let i = 0; i < length; i++)
    for (let c = 0; c < a.columns; c++)
      target[to + (full + i) * b.rowStride + c * b.columnStride] =
        source[from + (line + i) * a.rowStride + c * a.columnStride];
}
