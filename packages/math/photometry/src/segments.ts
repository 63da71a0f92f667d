/** Numbers of segments per pixel, 0 outside, with what belongs to each segment 1 .. count. */
export interface Segments {
  labels: Int32Array;
  count: number;
}

/** Box of pixels, ends not included. */
export interface SegmentBox {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
  area: number;
}

export type Connectivity = 4 | 8;

/** Offsets of neighbours, the nearer ones first. */
export function neighbours(connectivity: Connectivity): readonly (readonly [number, number])[] {
  const near = [
    [0, -1],
    [-1, 0],
    [1, 0],
    [0, 1],
  ] as const;
  if (connectivity === 4) return near;
  return [...near, [-1, -1], [1, -1], [-1, 1], [1, 1]];
}

/**
 * Number the connected regions of a mask in the order of their first pixels; regions of fewer than `least` pixels vanish.
 * @param mask - 1 for pixels of regions
 * @param labels - receives the numbers; holds zeros
 */
export function labelRegions(
  mask: Uint8Array,
  ny: number,
  nx: number,
  connectivity: Connectivity,
  least = 1,
  labels: Int32Array = new Int32Array(mask.length),
): Segments {
  const around = neighbours(connectivity);
  const stack: number[] = [];
  const members: number[] = [];
  const seen = new Uint8Array(mask.length);
  let count = 0;
  for (let p = 0; p < mask.length; p++) {
    if (mask[p] === 0 || seen[p] !== 0) continue;
    seen[p] = 1;
    stack.push(p);
    members.length = 0;
    while (stack.length > 0) {
      const q = stack.pop() as number;
      members.push(q);
      const y = Math.floor(q / nx);
      const x = q - y * nx;
      for (const [dx, dy] of around) {
        const column = x + dx;
        const row = y + dy;
        if (column < 0 || column >= nx || row < 0 || row >= ny) continue;
        const r = row * nx + column;
        if (mask[r] === 0 || seen[r] !== 0) continue;
        seen[r] = 1;
        stack.push(r);
      }
    }
    if (members.length < least) continue;
    count++;
    for (const q of members) labels[q] = count;
  }
  return { labels, count };
}

/** Boxes and areas of segments 1 .. count; entry i is of segment i + 1. */
export function segmentBoxes({ labels, count }: Segments, nx: number): SegmentBox[] {
  const boxes = Array.from({ length: count }, () => ({ x0: nx, x1: 0, y0: Number.MAX_SAFE_INTEGER, y1: 0, area: 0 }));
  for (let p = 0; p < labels.length; p++) {
    if (labels[p] === 0) continue;
    const box = boxes[labels[p] - 1];
    const y = Math.floor(p / nx);
    const x = p - y * nx;
    box.x0 = Math.min(box.x0, x);
    box.x1 = Math.max(box.x1, x + 1);
    box.y0 = Math.min(box.y0, y);
    box.y1 = Math.max(box.y1, y + 1);
    box.area++;
  }
  return boxes;
}

/**
 * Connected pixels above a threshold.
 * @param threshold - per pixel; its memory becomes that of the labels
 * @param mask - 1 for pixels of no segment
 * @param least - pixels that a segment must have
 */
export function detectSegments(
  data: Float32Array,
  threshold: Float32Array,
  mask: Uint8Array,
  ny: number,
  nx: number,
  least: number,
  connectivity: Connectivity,
): Segments {
  const above = new Uint8Array(data.length);
  for (let p = 0; p < data.length; p++) above[p] = data[p] > threshold[p] && mask[p] === 0 ? 1 : 0;
  threshold.fill(0);
  const labels = new Int32Array(threshold.buffer, threshold.byteOffset, threshold.length);
  return labelRegions(above, ny, nx, connectivity, least, labels);
}
