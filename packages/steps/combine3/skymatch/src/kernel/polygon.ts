/** Round to the nearest whole number, halves to the even one. */
function nearest(v: number): number {
  const floor = Math.floor(v);
  const rest = v - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor;
}

/** An edge with whole-numbered ends. */
interface Edge {
  x: number;
  y: number;
  /** Change of x and y along the edge. */
  dx: number;
  dy: number;
  low: number;
  high: number;
}

/**
 * Set the pixels of a polygon in a mask, by scan lines over an ordered table of edges. Corners are rounded to whole pixels; a scan line sets all
 * pixels from one edge to the next, both included.
 * @param mask - [ny][nx]; pixels of the polygon become 1
 * @param xs - corners, pixels counted from 0; the last is joined to the first
 */
export function fillPolygon(
  mask: Uint8Array,
  ny: number,
  nx: number,
  xs: ArrayLike<number>,
  ys: ArrayLike<number>,
): void {
  const n = xs.length;
  if (n < 3) return;
  // Corners count from the lowest negative coordinates, so that rounding is that of positive numbers.
  let [left, bottom] = [0, 0];
  for (let i = 0; i < n; i++) {
    left = Math.min(left, xs[i]);
    bottom = Math.min(bottom, ys[i]);
  }
  const corners = Array.from({ length: n }, (_, i) => [nearest(xs[i] - left), nearest(ys[i] - bottom)]);
  const [shiftX, shiftY] = [nearest(left), nearest(bottom)];
  const columns = corners.map(([x]) => x);
  if (Math.max(...columns) === Math.min(...columns)) return;
  const edges: Edge[] = [];
  corners.forEach(([x, y], i) => {
    const [x1, y1] = corners[(i + 1) % n];
    if (y !== y1) edges.push({ x, y, dx: x1 - x, dy: y1 - y, low: Math.min(y, y1), high: Math.max(y, y1) });
  });
  const first = edges.reduce((low, e) => Math.min(low, e.low), Number.POSITIVE_INFINITY);
  const last = edges.reduce((high, e) => Math.max(high, e.high), Number.NEGATIVE_INFINITY);
  for (let y = first; y <= last; y++) {
    const row = y + shiftY;
    if (row < 0 || row >= ny) continue;
    // The uppermost line is that of the edges which end there.
    const crossings = edges
      .filter((e) => (y < last ? e.low <= y && y < e.high : e.low < y && y <= e.high))
      .map((e) => Math.ceil(((e.y - y) / -e.dy) * e.dx + e.x))
      .sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, crossings[k] + shiftX);
      const to = Math.min(nx - 1, crossings[k + 1] + shiftX);
      if (to >= from) mask.fill(1, row * nx + from, row * nx + to + 1);
    }
  }
}
