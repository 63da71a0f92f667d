import { insideRings, type Point, type Ring, signedArea } from "./planar.js";

/** Which part of two areas is wanted. */
export type OverlayOperation = "union" | "intersection";

/** A piece of boundary between two nodes; the area lies on its right. */
interface Chain {
  points: Point[];
  nodes: [number, number];
  used: boolean;
}

/** Points closer than this, relative to the size of the areas, are one point. */
const SNAP = 1e-12;

/** Numbers the places where boundaries meet. */
class Nodes {
  readonly points: Point[] = [];
  private readonly tolerance: number;

  constructor(tolerance: number) {
    this.tolerance = tolerance;
  }

  /** The number of a place, a new one when nothing is there. */
  at(p: Point): number {
    const found = this.find(p);
    if (found >= 0) return found;
    this.points.push(p);
    return this.points.length - 1;
  }

  find([x, y]: Point): number {
    return this.points.findIndex(([u, v]) => Math.abs(u - x) <= this.tolerance && Math.abs(v - y) <= this.tolerance);
  }
}

interface Segment {
  a: Point;
  b: Point;
  /** Points that split it, by their place along it. */
  cuts: [number, Point][];
}

const segmentsOf = (ring: Ring): Segment[] => ring.map((a, i) => ({ a, b: ring[(i + 1) % ring.length], cuts: [] }));

/** Where two segments meet, noted in both. Parallel segments that overlap meet at the ends of the overlap. */
function meet(s: Segment, t: Segment, nodes: Nodes, tolerance: number): void {
  const [dx, dy] = [s.b[0] - s.a[0], s.b[1] - s.a[1]];
  const [ex, ey] = [t.b[0] - t.a[0], t.b[1] - t.a[1]];
  const add = (p: Point): void => {
    const q = nodes.points[nodes.at(p)];
    cut(s, q);
    cut(t, q);
  };
  for (const p of [t.a, t.b]) if (isOn(s, p, tolerance)) add(p);
  for (const p of [s.a, s.b]) if (isOn(t, p, tolerance)) add(p);
  const det = dx * ey - dy * ex;
  if (Math.abs(det) <= 1e-15 * Math.hypot(dx, dy) * Math.hypot(ex, ey)) return;
  const [wx, wy] = [t.a[0] - s.a[0], t.a[1] - s.a[1]];
  const u = (wx * ey - wy * ex) / det;
  const v = (wx * dy - wy * dx) / det;
  if (u > 0 && u < 1 && v > 0 && v < 1) add([s.a[0] + u * dx, s.a[1] + u * dy]);
}

function isOn(s: Segment, [x, y]: Point, tolerance: number): boolean {
  const [dx, dy] = [s.b[0] - s.a[0], s.b[1] - s.a[1]];
  const length = Math.hypot(dx, dy);
  const along = ((x - s.a[0]) * dx + (y - s.a[1]) * dy) / length;
  const across = ((x - s.a[0]) * dy - (y - s.a[1]) * dx) / length;
  return Math.abs(across) <= tolerance && along >= -tolerance && along <= length + tolerance;
}

function cut(s: Segment, p: Point): void {
  const [dx, dy] = [s.b[0] - s.a[0], s.b[1] - s.a[1]];
  const t = ((p[0] - s.a[0]) * dx + (p[1] - s.a[1]) * dy) / (dx * dx + dy * dy);
  if (!s.cuts.some(([, q]) => q === p)) s.cuts.push([t, p]);
}

/** The boundary of an area cut at the nodes, in the order of its rings; each ring also begins and ends a chain at its first corner. */
function chainsOf(rings: readonly (readonly Segment[])[], shells: readonly boolean[], nodes: Nodes): Chain[] {
  const out: Chain[] = [];
  rings.forEach((segments, k) => {
    const pieces: { points: Point[] }[] = [];
    let current: Point[] = [];
    const add = (p: Point): void => {
      if (current.length === 0 || nodes.find(p) < 0 || nodes.find(p) !== nodes.find(current[current.length - 1]))
        current.push(p);
    };
    const close = (): void => {
      if (current.length > 1) pieces.push({ points: current });
      current = [current[current.length - 1]];
    };
    const first = segments[0].a;
    nodes.at(first);
    add(nodes.points[nodes.at(first)]);
    for (const s of segments) {
      s.cuts.sort((p, q) => p[0] - q[0]);
      for (const [, p] of s.cuts) {
        add(p);
        close();
      }
      const end = nodes.find(s.b);
      if (end < 0) add(s.b);
      else {
        add(nodes.points[end]);
        close();
      }
    }
    // The area has to lie on the right of every chain: shells clockwise, holes counter-clockwise.
    const area = signedArea(segments.map((s) => s.a));
    const turn = area > 0 === shells[k];
    for (const { points } of pieces) {
      const list = turn ? [...points].reverse() : points;
      out.push({ points: list, nodes: [nodes.at(list[0]), nodes.at(list[list.length - 1])], used: false });
    }
  });
  return out;
}

/** Equal for chains along the same way. */
const keyOf = (c: Chain): string => {
  const inner = c.points.slice(1, -1).map((p) => `${p[0]},${p[1]}`);
  return [c.nodes[0], ...inner, c.nodes[1]].join(";");
};

const reversedKey = (c: Chain): string =>
  keyOf({ ...c, points: [...c.points].reverse(), nodes: [c.nodes[1], c.nodes[0]] });

function isShell(ring: Ring, rings: readonly Ring[]): boolean {
  const [x, y] = ring[0];
  const [u, v] = ring[1];
  const others = rings.filter((r) => r !== ring);
  return !insideRings(others, (x + u) / 2, (y + v) / 2);
}

/**
 * Union or intersection of two areas. Rings of a result begin where those of GEOS (OverlayNG) do: at the second corner of the first
 * piece of boundary that is part of it, in the order in which the areas are given; shells run clockwise.
 * @param a - rings of an area; rings inside others are holes
 * @returns rings, shells clockwise and holes counter-clockwise
 */
export function overlay(a: readonly Ring[], b: readonly Ring[], operation: OverlayOperation): Ring[] {
  const all = [...a, ...b].flat();
  if (all.length === 0) return [];
  const size = all.reduce((m, [x, y]) => Math.max(m, Math.abs(x), Math.abs(y)), 0) || 1;
  const tolerance = SNAP * size;
  const nodes = new Nodes(tolerance);
  const [sa, sb] = [a.map(segmentsOf), b.map(segmentsOf)];
  for (const s of sa.flat()) for (const t of sb.flat()) meet(s, t, nodes, tolerance);
  const ca = chainsOf(
    sa,
    a.map((r) => isShell(r, a)),
    nodes,
  );
  const cb = chainsOf(
    sb,
    b.map((r) => isShell(r, b)),
    nodes,
  );
  const kept = [...keep(ca, cb, b, operation, true), ...keep(cb, ca, a, operation, false)];
  return trace(kept);
}

function keep(
  own: readonly Chain[],
  others: readonly Chain[],
  area: readonly Ring[],
  operation: OverlayOperation,
  first: boolean,
): Chain[] {
  const same = new Set(others.map(keyOf));
  const against = new Set(others.map(reversedKey));
  return own.filter((c) => {
    const key = keyOf(c);
    if (same.has(key)) return first;
    if (against.has(key)) return false;
    const [p, q] = [c.points[0], c.points[1]];
    const inside = insideRings(area, (p[0] + q[0]) / 2, (p[1] + q[1]) / 2);
    return operation === "union" ? !inside : inside;
  });
}

/** Join chains to rings, keeping to the right where several lead on. */
function trace(chains: readonly Chain[]): Ring[] {
  const from = new Map<number, Chain[]>();
  for (const c of chains) from.set(c.nodes[0], [...(from.get(c.nodes[0]) ?? []), c]);
  const rings: Ring[] = [];
  for (const start of chains) {
    if (start.used) continue;
    const points: Point[] = [];
    let chain: Chain | undefined = start;
    while (chain) {
      chain.used = true;
      points.push(...chain.points.slice(1));
      if (chain.nodes[1] === start.nodes[0]) break;
      const next: Chain[] = (from.get(chain.nodes[1]) ?? []).filter((c) => !c.used);
      chain = next.length > 1 ? rightmost(chain, next) : next[0];
    }
    if (points.length >= 3) rings.push(points);
  }
  return rings;
}

function rightmost(chain: Chain, next: readonly Chain[]): Chain {
  const [p, q] = chain.points.slice(-2);
  const heading = Math.atan2(q[1] - p[1], q[0] - p[0]);
  const turn = (c: Chain): number => {
    const angle = Math.atan2(c.points[1][1] - c.points[0][1], c.points[1][0] - c.points[0][0]) - heading;
    const t = Math.atan2(Math.sin(angle), Math.cos(angle));
    return t <= -Math.PI + 1e-12 ? Math.PI : t;
  };
  return next.reduce((best, c) => (turn(c) < turn(best) ? c : best));
}

/**
 * Union of any number of polygons, joined pairwise in the order of the middle of their height, as GEOS does. One polygon comes back as
 * it is.
 */
export function unionPolygons(polygons: readonly Ring[]): Ring[] {
  if (polygons.length < 2) return [...polygons];
  const middle = (ring: Ring): number => {
    const ys = ring.map((p) => p[1]);
    return Math.min(...ys) + Math.max(...ys);
  };
  const sorted = polygons.map((ring) => ({ ring, y: middle(ring) })).sort((p, q) => p.y - q.y);
  const join = (low: number, high: number): Ring[] => {
    if (high - low === 1) return [sorted[low].ring];
    const half = (low + high) >> 1;
    return overlay(join(low, half), join(half, high), "union");
  };
  return join(0, sorted.length);
}
