import { clippedRange } from "@calwebb/scene";
import type { SegmentBox, Segments } from "./segments.js";
import { segmentBoxes } from "./segments.js";

/** A source of a segmentation; positions are 0-based pixels. */
export interface SegmentSource {
  label: number;
  x: number;
  y: number;
  box: SegmentBox;
  /** Usable pixels; NaN without any. */
  area: number;
  flux: number;
  fluxError: number;
  /** One standard deviation along the axes of the Gaussian with the same moments [pixels]. */
  semimajor: number;
  semiminor: number;
  /** Counter-clockwise from x [deg, 0 to 360). */
  orientation: number;
}

/** Variance of a pixel: thin sources get at least this much. */
const PIXEL = 1 / 12;

/** Level of values as SExtractor takes it: the mode 2.5 median - 1.5 mean, or the median of crowded ones. */
function crowdedLevel(values: number[]): number {
  const sorted = Float64Array.from(values).sort();
  let [first, end] = [0, sorted.length];
  // Clip until nothing changes, as often as four times the five rounds of one call.
  for (let k = 0; k < 4; k++) [first, end] = clippedRange(sorted, first, end, 3);
  const kept = sorted.subarray(first, end);
  const n = kept.length;
  const median = n % 2 === 1 ? kept[n >> 1] : (kept[n / 2 - 1] + kept[n / 2]) / 2;
  const mean = kept.reduce((a, b) => a + b, 0) / n;
  const std = Math.sqrt(kept.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
  if (std === 0) return mean;
  return Math.abs(mean - median) / std < 0.3 ? 2.5 * median - 1.5 * mean : median;
}

/** Background in a rectangular ring around a segment, from pixels of no segment; 0 with fewer than ten. */
function localBackground(
  data: Float32Array,
  mask: Uint8Array,
  labels: Int32Array,
  ny: number,
  nx: number,
  box: SegmentBox,
  width: number,
): number {
  const cx = 0.5 * (box.x0 + box.x1 - 1);
  const cy = 0.5 * (box.y0 + box.y1 - 1);
  const innerX = 0.75 * (box.x1 - box.x0);
  const innerY = 0.75 * (box.y1 - box.y0);
  const values: number[] = [];
  for (let y = Math.max(0, Math.floor(cy - innerY - width)); y < Math.min(ny, cy + innerY + width + 1); y++)
    for (let x = Math.max(0, Math.floor(cx - innerX - width)); x < Math.min(nx, cx + innerX + width + 1); x++) {
      const dx = Math.abs(x - cx);
      const dy = Math.abs(y - cy);
      if (dx >= innerX + width || dy >= innerY + width || (dx < innerX && dy < innerY)) continue;
      const p = y * nx + x;
      if (labels[p] === 0 && mask[p] === 0 && Number.isFinite(data[p])) values.push(data[p]);
    }
  return values.length < 10 ? 0 : crowdedLevel(values);
}

/** Standard deviations along the axes and the angle of second moments. */
function ellipse(xx: number, xy: number, yy: number): Pick<SegmentSource, "semimajor" | "semiminor" | "orientation"> {
  let a = xx;
  let b = yy;
  if (!(a * b - xy * xy >= 0)) return { semimajor: Number.NaN, semiminor: Number.NaN, orientation: Number.NaN };
  while (a * b - xy * xy < PIXEL ** 2) {
    a += PIXEL;
    b += PIXEL;
  }
  const mean = (a + b) / 2;
  const spread = Math.hypot((a - b) / 2, xy);
  const angle = (0.5 * Math.atan2(2 * xy, a - b) * 180) / Math.PI;
  return {
    semimajor: Math.sqrt(mean + spread),
    semiminor: Math.sqrt(mean - spread),
    orientation: angle < 0 ? angle + 360 : angle,
  };
}

/**
 * Positions, fluxes and shapes of segments. Positions and shapes come from the smoothed image, fluxes from the image.
 * @param mask - 1 for pixels to leave out
 * @param error - per pixel, or undefined
 * @param localWidth - width of the ring for a local background [pixels]; 0 for none
 */
export function measureSegments(
  data: Float32Array,
  smoothed: Float32Array,
  error: Float32Array | undefined,
  mask: Uint8Array,
  segments: Segments,
  ny: number,
  nx: number,
  localWidth = 0,
): SegmentSource[] {
  const { labels } = segments;
  return segmentBoxes(segments, nx).map((box, i) => {
    const label = i + 1;
    let [m, mx, my, area, flux, variance] = [0, 0, 0, 0, 0, 0];
    const each = (visit: (p: number, x: number, y: number) => void): void => {
      for (let y = box.y0; y < box.y1; y++)
        for (let x = box.x0; x < box.x1; x++) if (labels[y * nx + x] === label) visit(y * nx + x, x, y);
    };
    const weight = (p: number): number =>
      mask[p] === 0 && Number.isFinite(smoothed[p]) && smoothed[p] > 0 ? smoothed[p] : 0;
    each((p, x, y) => {
      const w = weight(p);
      m += w;
      mx += w * (x - box.x0);
      my += w * (y - box.y0);
      if (mask[p] !== 0 || !Number.isFinite(data[p])) return;
      area++;
      flux += data[p];
      if (error) variance += error[p] * error[p];
    });
    const cx = mx / m;
    const cy = my / m;
    let [xx, xy, yy] = [0, 0, 0];
    each((p, x, y) => {
      const w = weight(p);
      const dx = x - box.x0 - cx;
      const dy = y - box.y0 - cy;
      xx += w * dx * dx;
      xy += w * dx * dy;
      yy += w * dy * dy;
    });
    const level = localWidth > 0 ? localBackground(data, mask, labels, ny, nx, box, localWidth) : 0;
    const none = area === 0;
    return {
      label,
      x: cx + box.x0,
      y: cy + box.y0,
      box,
      area: none ? Number.NaN : area,
      flux: none ? Number.NaN : flux - area * level,
      fluxError: none || !error ? Number.NaN : Math.sqrt(variance),
      ...ellipse(xx / m, xy / m, yy / m),
    };
  });
}
