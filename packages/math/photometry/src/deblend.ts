import { type Connectivity, labelRegions, type SegmentBox, type Segments, segmentBoxes } from "./segments.js";
import { watershed } from "./watershed.js";

export type ThresholdSpacing = "exponential" | "linear" | "sinh";

/** How segments are split. */
export interface DeblendOptions {
  /** Pixels that a part must have. */
  npixels: number;
  /** Thresholds between the faintest and the brightest pixel. */
  nlevels: number;
  /** Share of the flux that a part must have. */
  contrast: number;
  mode: ThresholdSpacing;
  connectivity: Connectivity;
}

/** More parts than this come from noise; evenly spaced thresholds find fewer. */
const MOST_PARTS = 200;
const SINH = 0.25;

/** One segment, cut out. */
interface Piece {
  data: Float32Array;
  mask: Uint8Array;
  ny: number;
  nx: number;
  low: number;
  high: number;
  sum: number;
}

function cutPiece(data: Float32Array, labels: Int32Array, nx: number, box: SegmentBox, label: number): Piece {
  const width = box.x1 - box.x0;
  const height = box.y1 - box.y0;
  const piece: Piece = {
    data: new Float32Array(width * height),
    mask: new Uint8Array(width * height),
    ny: height,
    nx: width,
    low: Infinity,
    high: -Infinity,
    sum: 0,
  };
  for (let j = 0; j < height; j++)
    for (let i = 0; i < width; i++) {
      const p = (box.y0 + j) * nx + box.x0 + i;
      const v = data[p];
      piece.data[j * width + i] = v;
      if (labels[p] !== label) continue;
      piece.mask[j * width + i] = 1;
      piece.low = Math.min(piece.low, v);
      piece.high = Math.max(piece.high, v);
      piece.sum += v;
    }
  return piece;
}

function thresholds({ low, high }: Piece, n: number, mode: ThresholdSpacing): Float32Array {
  return Float32Array.from({ length: n }, (_, i) => {
    const t = (i + 1) / (n + 1);
    if (mode === "linear") return low + t * (high - low);
    if (mode === "sinh") return low + ((high - low) * Math.sinh(t / SINH)) / Math.sinh(1 / SINH);
    return low * (high / low) ** t;
  });
}

/** Regions above a threshold; undefined when there are fewer than two. */
function split(piece: Piece, threshold: number, options: DeblendOptions): Segments | undefined {
  const above = piece.mask.map((m, p) => (m !== 0 && piece.data[p] > threshold ? 1 : 0));
  const found = labelRegions(above, piece.ny, piece.nx, options.connectivity, options.npixels);
  return found.count < 2 ? undefined : found;
}

/** Replace regions that fall apart at a higher threshold by their parts. */
function refine(lower: Segments, upper: Segments, piece: Piece, connectivity: Connectivity): Segments {
  const first = new Int32Array(lower.count + 1);
  const apart = new Uint8Array(lower.count + 1);
  for (let p = 0; p < piece.mask.length; p++) {
    const l = lower.labels[p];
    const u = upper.labels[p];
    if (l === 0 || u === 0) continue;
    if (first[l] === 0) first[l] = u;
    else if (first[l] !== u) apart[l] = 1;
  }
  if (!apart.includes(1)) return lower;
  const markers = Uint8Array.from(lower.labels, (l, p) => {
    if (l === 0) return 0;
    return apart[l] === 0 || upper.labels[p] !== 0 ? 1 : 0;
  });
  return labelRegions(markers, piece.ny, piece.nx, connectivity);
}

function markersOf(piece: Piece, options: DeblendOptions, mode: ThresholdSpacing): Segments | undefined {
  let found: Segments | undefined;
  for (const threshold of thresholds(piece, options.nlevels, mode)) {
    const upper = split(piece, threshold, options);
    if (upper === undefined) continue;
    found = found === undefined ? upper : refine(found, upper, piece, options.connectivity);
  }
  return found;
}

/** Labels of the parts of a segment, or undefined when it is one. */
function parts(piece: Piece, options: DeblendOptions): { labels: Int32Array; order: number[] } | undefined {
  if (piece.low === piece.high) return undefined;
  let mode = options.mode;
  if (mode === "exponential" && piece.low <= 0) mode = "linear";
  let markers = markersOf(piece, options, mode);
  if (markers && mode !== "linear" && markers.count > MOST_PARTS) markers = markersOf(piece, options, "linear");
  if (!markers) return undefined;
  const { labels, count } = markers;
  for (;;) {
    watershed(piece.data, labels, piece.mask, piece.ny, piece.nx, options.connectivity);
    const flux = new Float64Array(count + 1);
    const present = new Uint8Array(count + 1);
    for (let p = 0; p < labels.length; p++) {
      flux[labels[p]] += piece.data[p];
      present[labels[p]] = 1;
    }
    const order: number[] = [];
    for (let l = 1; l <= count; l++) if (present[l] !== 0) order.push(l);
    if (order.length < 2) return undefined;
    const faintest = order.reduce((a, b) => (flux[b] / piece.sum < flux[a] / piece.sum ? b : a));
    if (!(flux[faintest] / piece.sum < options.contrast)) return { labels, order };
    for (let p = 0; p < labels.length; p++) if (labels[p] === faintest) labels[p] = 0;
  }
}

/**
 * Split segments that hold several sources: regions that fall apart at some of many thresholds are flooded from their peaks; parts with less than
 * `contrast` of the flux join their neighbours. Bertin & Arnouts, A&AS 117, 393 (1996), with a watershed in place of their assignment of
 * pixels. Segments that stay whole come first in the new numbering, in their order; then the parts.
 * @param segments - their labels are changed in place
 */
export function deblendSegments(data: Float32Array, segments: Segments, nx: number, options: DeblendOptions): Segments {
  if (options.contrast >= 1) return segments;
  // Parts get numbers that no segment has, so a segment is still whole when its turn comes.
  const { labels } = segments;
  let next = segments.count;
  for (const [i, box] of segmentBoxes(segments, nx).entries()) {
    if (box.area < 2 * options.npixels) continue;
    const piece = cutPiece(data, labels, nx, box, i + 1);
    const found = parts(piece, options);
    if (!found) continue;
    const rank = new Map(found.order.map((label, k) => [label, next + k + 1]));
    for (let j = 0; j < piece.ny; j++)
      for (let k = 0; k < piece.nx; k++) {
        const label = rank.get(found.labels[j * piece.nx + k]);
        if (label !== undefined) labels[(box.y0 + j) * nx + box.x0 + k] = label;
      }
    next += found.order.length;
  }
  return renumber(labels, next);
}

/** Numbers without gaps, in the same order. */
function renumber(labels: Int32Array, largest: number): Segments {
  const used = new Uint8Array(largest + 1);
  for (let p = 0; p < labels.length; p++) used[labels[p]] = 1;
  const map = new Int32Array(largest + 1);
  let count = 0;
  for (let l = 1; l <= largest; l++) if (used[l] !== 0) map[l] = ++count;
  for (let p = 0; p < labels.length; p++) labels[p] = map[labels[p]];
  return { labels, count };
}
