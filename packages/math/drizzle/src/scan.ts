import { isSurface, positionOf } from "./positions.js";
import type { Positions } from "./types.js";

type Point = readonly [x: number, y: number];
type Range = readonly [xmin: number, xmax: number, ymin: number, ymax: number];

/** Points closer than this are one. */
const SAME = 1e-12;
/** Accuracy to which positions are searched in the input [pixel]. */
const ACCURACY = 0.03;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
const MAX_ROUNDS = 50;
const FLAT = 1e3 * 2.2250738585072014e-308;

const cross = (a: Point, b: Point): number => a[0] * b[1] - a[1] * b[0];
const round = (v: number): number => (v < 0 ? -Math.floor(0.5 - v) : Math.floor(v + 0.5));

/** The rectangle without its outer rows and columns that have no position at all. */
function tighten(map: Positions, [x0, x1, y0, y1]: Range): Range | undefined {
  let [a, b, c, d] = [x1 + 1, x0 - 1, y1 + 1, y0 - 1];
  if (isSurface(map)) {
    a = Math.max(x0, map.x0);
    b = Math.min(x1, map.x0 + map.surfaces.x.nx - 1);
    c = Math.max(y0, map.y0);
    d = Math.min(y1, map.y0 + map.height - 1);
    return a < b && c < d ? [a, b, c, d] : undefined;
  }
  const { x, y, nx } = map;
  const has = (i: number, j: number): boolean => !Number.isNaN(x[j * nx + i] + y[j * nx + i]);
  for (let j = y0; j <= y1; j++) {
    let i = x0;
    while (i <= x1 && !has(i, j)) i++;
    if (i > x1) continue;
    let k = x1;
    while (!has(k, j)) k--;
    a = Math.min(a, i);
    b = Math.max(b, k);
    c = Math.min(c, j);
    d = j;
  }
  return a < b && c < d ? [a, b, c, d] : undefined;
}

/** Position of a point between pixel centres, bilinear between the four next ones and continued beyond the edges. */
function between(map: Positions, x: number, y: number): Point {
  const i = Math.max(0, Math.min(Math.trunc(x), map.nx - 2));
  const j = Math.max(0, Math.min(Math.trunc(y), map.ny - 2));
  const [u, v] = [x - i, y - j];
  const corners = [
    positionOf(map, i, j),
    positionOf(map, i + 1, j),
    positionOf(map, i, j + 1),
    positionOf(map, i + 1, j + 1),
  ];
  const [a, b] = [0, 1].map((axis) => {
    const [p, q, r, s] = corners.map((c) => c[axis]);
    return p * (1 - u) * (1 - v) + q * u * (1 - v) + r * (1 - u) * v + s * u * v;
  });
  return [a, b];
}

function counterClockwise(p: Point[]): Point[] {
  if (p.length < 3) return p;
  const cx = p.reduce((s, v) => s + v[0], 0) / p.length;
  const cy = p.reduce((s, v) => s + v[1], 0) / p.length;
  return cross([p[0][0] - cx, p[0][1] - cy], [p[1][0] - cx, p[1][1] - cy]) >= 0 ? p : [...p].reverse();
}

/** The part of a convex polygon inside a rectangle (Sutherland & Hodgman 1974), without corners that do not turn. */
function clip(polygon: Point[], width: number, height: number): Point[] {
  const sides: ((p: Point) => number)[] = [
    (p) => p[0] + 0.5,
    (p) => p[1] + 0.5,
    (p) => width - 0.5 - p[0],
    (p) => height - 0.5 - p[1],
  ];
  let now = counterClockwise(polygon);
  for (const inside of sides) {
    const next: Point[] = [];
    const add = (p: Point): void => {
      const same = (q: Point | undefined): boolean =>
        q !== undefined && Math.abs(p[0] - q[0]) < SAME && Math.abs(p[1] - q[1]) < SAME;
      if (!same(next.at(-1)) && !same(next[0])) next.push(p);
    };
    now.forEach((p, i) => {
      const before = now[(i + now.length - 1) % now.length];
      const [s, t] = [inside(before), inside(p)];
      if (s > 0 !== t > 0) {
        const f = s / (s - t);
        add([before[0] + f * (p[0] - before[0]), before[1] + f * (p[1] - before[1])]);
      }
      if (t > 0) add(p);
    });
    now = next;
  }
  return now.filter((p, i) => {
    const [before, after] = [now[(i + now.length - 1) % now.length], now[(i + 1) % now.length]];
    const far: Point = [after[0] - before[0], after[1] - before[1]];
    return Math.abs(cross(far, [p[0] - before[0], p[1] - before[1]])) > FLAT && Math.hypot(...far) > SAME;
  });
}

/** Input position of a point of the output, by golden sections of the rectangle; undefined where positions are missing. */
function search(map: Positions, [x0, x1, y0, y1]: Range, target: Point): Point | undefined {
  let [xa, xb, ya, yb] = [x0 - 0.5, x1 + 0.5, y0 - 0.5, y1 + 0.5];
  const distance = (x: number, y: number): number => {
    const at = between(map, x, y);
    return (at[0] - target[0]) ** 2 + (at[1] - target[1]) ** 2;
  };
  for (let n = 0; xb - xa > ACCURACY || yb - ya > ACCURACY; n++) {
    if (n === MAX_ROUNDS) return undefined;
    const [dx, dy] = [GOLDEN * (xb - xa), GOLDEN * (yb - ya)];
    const xs = [xb - dx, xa + dx];
    const ys = [yb - dy, ya + dy];
    const d = [distance(xs[0], ys[0]), distance(xs[0], ys[1]), distance(xs[1], ys[0]), distance(xs[1], ys[1])];
    if (d.some(Number.isNaN)) return undefined;
    // The last quarter also wins when several are equally near.
    const best = [0, 1, 2].find((k) => d.every((v, m) => m === k || d[k] < v)) ?? 3;
    if (best < 2) xb = xs[1];
    else xa = xs[0];
    if (best % 2 === 0) yb = ys[1];
    else ya = ys[0];
  }
  return [(xa + xb) / 2, (ya + yb) / 2];
}

/** One side of a polygon as x = slope * y + cut, up to `top`; `cut` is that of pixels which do not reach over the side. */
interface Side {
  slope: number;
  cut: number;
  top: number;
}

function side(a: Point, b: Point, sign: 1 | -1): Side {
  const dy = b[1] - a[1];
  const slope = (b[0] - a[0]) / dy;
  return { slope, cut: cross(a, b) / dy - sign * (0.5 + 0.5 * Math.abs(slope)), top: b[1] };
}

/** Left and right sides of a counter-clockwise convex polygon, from the bottom to the top. */
function sidesOf(p: readonly Point[]): { left: Side[]; right: Side[] } {
  const n = p.length;
  const at = (i: number): Point => p[(i + 2 * n) % n];
  const extreme = (sign: 1 | -1): [number, number] => {
    let one = 0;
    for (let k = 1; k < n; k++) if (sign * p[k][1] > sign * p[one][1]) one = k;
    const [before, after] = [(one + n - 1) % n, (one + 1) % n];
    const other = sign * at(before)[1] > sign * at(after)[1] ? before : after;
    if (sign * (p[other][1] - p[one][1]) < -SAME * Math.abs(p[one][1])) return [one, one];
    return p[one][0] > p[other][0] ? [other, one] : [one, other];
  };
  const [bottomLeft, bottomRight] = extreme(-1);
  const [topLeft, topRight] = extreme(1);
  const left: Side[] = [];
  const right: Side[] = [];
  for (let k = (bottomLeft - topLeft + n) % n, i = bottomLeft; k > 0; k--, i--) left.push(side(at(i), at(i - 1), -1));
  for (let k = (topRight - bottomRight + n) % n, i = bottomRight; k > 0; k--, i++)
    right.push(side(at(i), at(i + 1), 1));
  return { left, right };
}

/**
 * Columns of every input row whose pixels count: those whose centres fall on the output. Pixels that reach over its edge by more than
 * half do not, whatever the kernel; so does the drizzle library.
 * @param range - columns and rows of the input that are to be looked at
 * @returns [2 ny]: first and last column of each row; the last is less than the first for a row that does not count
 */
export function scanLimits(map: Positions, range: Range, onx: number, ony: number): Int32Array {
  const limits = new Int32Array(2 * map.ny);
  for (let j = 0; j < map.ny; j++) limits[2 * j] = 1;
  const box = tighten(map, range);
  if (box === undefined || map.nx < 2 || map.ny < 2) return limits;
  const [x0, x1, y0, y1] = box;
  const frame: Point[] = [
    [x0 - 0.5, y0 - 0.5],
    [x1 + 0.5, y0 - 0.5],
    [x1 + 0.5, y1 + 0.5],
    [x0 - 0.5, y1 + 0.5],
  ];
  const outside = frame.map(([x, y]) => between(map, x, y));
  let polygon: Point[] = frame;
  if (!outside.some(([x, y]) => Number.isNaN(x + y))) {
    const shared = clip(outside, onx, ony);
    if (shared.length < 3) return limits;
    const found = shared.map((p) => search(map, box, p));
    if (found.every((p) => p !== undefined)) polygon = counterClockwise(found);
  }
  fillLimits(limits, polygon, box);
  return limits;
}

function fillLimits(limits: Int32Array, polygon: readonly Point[], [x0, x1, , y1]: Range): void {
  const { left, right } = sidesOf(polygon);
  const low = Math.min(...polygon.map((p) => p[1]));
  const high = Math.max(...polygon.map((p) => p[1]));
  const first = Math.max(0, Math.trunc(low + 0.5 + 2 * ACCURACY));
  const last = Math.min(y1, Math.trunc(high + 2 * ACCURACY));
  for (let j = first; j <= last; j++) {
    if (j + 0.5 <= low || j - 0.5 >= high + 1) continue;
    const sides = [left, right].flatMap((list) => [
      list.find((s) => j - 0.5 <= s.top),
      list.find((s) => j + 0.5 <= s.top + 0.5 + ACCURACY),
    ]);
    if (sides.some((s) => s === undefined)) break;
    const [a, b, c, d] = (sides as Side[]).map(({ slope, cut }) => slope * j + cut);
    const [la, lb] = [Math.max(a - ACCURACY, x0), Math.max(b - ACCURACY, x0)];
    const [ra, rb] = [Math.min(c + ACCURACY, x1), Math.min(d + ACCURACY, x1)];
    if (la >= ra && lb >= rb) continue;
    limits[2 * j] = round(lb >= rb ? la : la >= ra ? lb : Math.max(la, lb));
    limits[2 * j + 1] = round(lb >= rb ? ra : la >= ra ? rb : Math.min(ra, rb));
  }
}
