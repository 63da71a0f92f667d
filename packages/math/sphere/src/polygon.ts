import { ValidationError } from "@calwebb/errors";
import { overlay, unionPolygons } from "./overlay.js";
import { insideRings, type Point, type Ring } from "./planar.js";

/** [lon, lat] of corners [deg], joined by great circles. */
export type Corners = readonly (readonly number[])[];

type Vector = readonly [number, number, number];

const RAD = Math.PI / 180;

/** Unit vector of a direction [deg]. */
export function unitVector(lon: number, lat: number): Vector {
  const c = Math.cos(lat * RAD);
  return [c * Math.cos(lon * RAD), c * Math.sin(lon * RAD), Math.sin(lat * RAD)];
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Vector, b: Vector): Vector => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];
const norm = (v: Vector): number => Math.hypot(v[0], v[1], v[2]);
const scaled = (v: Vector, f: number): Vector => [v[0] * f, v[1] * f, v[2] * f];

/** Sum of the unit vectors of corners. */
function sumOf(corners: Corners): Vector {
  let [x, y, z] = [0, 0, 0];
  for (const [lon, lat] of corners) {
    const v = unitVector(lon, lat);
    x += v[0];
    y += v[1];
    z += v[2];
  }
  return [x, y, z];
}

function lonLat(v: Vector): [number, number] {
  const lon = Math.atan2(v[1], v[0]) / RAD;
  return [lon < 0 ? lon + 360 : lon, Math.atan2(v[2], Math.hypot(v[0], v[1])) / RAD];
}

/** A plane that touches the sphere. Great circles are straight lines in it (gnomonic projection). */
class Plane {
  private readonly axis: Vector;
  private readonly east: Vector;
  private readonly north: Vector;

  constructor(corners: Corners) {
    const sum = sumOf(corners);
    const length = norm(sum);
    if (!(length > 1e-9))
      throw new ValidationError("the polygons are spread over the whole sphere", { wanted: "less than a hemisphere" });
    this.axis = scaled(sum, 1 / length);
    const side = cross(Math.abs(this.axis[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0], this.axis);
    this.east = scaled(side, 1 / norm(side));
    this.north = cross(this.axis, this.east);
  }

  /** @throws {ValidationError} for a point 89 degrees or more from the middle */
  ring(corners: Corners): Ring {
    const out = corners.map(([lon, lat]): Point => {
      const v = unitVector(lon, lat);
      const d = dot(v, this.axis);
      if (!(d > 0.017))
        throw new ValidationError("a polygon reaches too far around the sphere", {
          got: `${lon}, ${lat}`,
          wanted: "corners within 89 degrees of the middle of all",
        });
      return [dot(v, this.east) / d, dot(v, this.north) / d];
    });
    return out.filter((p, i) => {
      const q = out[(i + 1) % out.length];
      return p[0] !== q[0] || p[1] !== q[1];
    });
  }

  sky(ring: Ring): [number, number][] {
    return ring.map(([x, y]) =>
      lonLat([0, 1, 2].map((i) => this.axis[i] + x * this.east[i] + y * this.north[i]) as unknown as Vector),
    );
  }
}

/**
 * Area of a polygon [steradian], positive whichever way its corners run. The sum of the solid angles of triangles from the first corner
 * (Van Oosterom & Strackee 1983), exact also for the smallest.
 */
export function polygonArea(corners: Corners): number {
  if (corners.length < 3) return 0;
  const v = corners.map(([lon, lat]) => unitVector(lon, lat));
  let sum = 0;
  for (let i = 1; i + 1 < v.length; i++) {
    const ab: Vector = [v[i][0] - v[0][0], v[i][1] - v[0][1], v[i][2] - v[0][2]];
    const ac: Vector = [v[i + 1][0] - v[0][0], v[i + 1][1] - v[0][1], v[i + 1][2] - v[0][2]];
    // The triple product from differences keeps its digits when the corners lie close together.
    const triple = dot(v[0], cross(ab, ac));
    const bottom = 1 + dot(v[0], v[i]) + dot(v[i], v[i + 1]) + dot(v[i + 1], v[0]);
    sum += 2 * Math.atan2(triple, bottom);
  }
  return Math.abs(sum);
}

/** Which of the rings of an area are outer boundaries, not holes. */
function shellsOf(rings: readonly Ring[]): boolean[] {
  return rings.map((ring) => {
    const others = rings.filter((r) => r !== ring);
    return !insideRings(others, (ring[0][0] + ring[1][0]) / 2, (ring[0][1] + ring[1][1]) / 2);
  });
}

/** Signed area of rings that belong together: shells minus holes [steradian]. */
function areaOf(rings: readonly (readonly [number, number][])[], shells: readonly boolean[]): number {
  return rings.reduce((sum, ring, i) => sum + (shells[i] ? 1 : -1) * polygonArea(ring), 0);
}

/** A union: its outer boundaries, its holes and its area. */
export interface UnionOnSphere {
  outer: [number, number][][];
  holes: [number, number][][];
  /** [steradian] */
  area: number;
}

/** Union of polygons. @throws {ValidationError} when they do not fit in one hemisphere */
export function unionOnSphere(polygons: readonly Corners[]): UnionOnSphere {
  if (polygons.length === 0) return { outer: [], holes: [], area: 0 };
  const plane = new Plane(polygons.flat());
  const rings = unionPolygons(polygons.map((p) => plane.ring(p)));
  const shells = shellsOf(rings);
  const sky = rings.map((ring) => plane.sky(ring));
  return {
    outer: sky.filter((_, i) => shells[i]),
    holes: sky.filter((_, i) => !shells[i]),
    area: areaOf(sky, shells),
  };
}

/** The common part of two polygons, one or more polygons; empty when they do not overlap. */
export function intersection(a: Corners, b: Corners): [number, number][][] {
  if (a.length < 3 || b.length < 3 || apart(a, b)) return [];
  const plane = new Plane([...a, ...b]);
  return overlay([plane.ring(a)], [plane.ring(b)], "intersection").map((ring) => plane.sky(ring));
}

/** Area of the common part of two polygons [steradian]. */
export function overlapArea(a: Corners, b: Corners): number {
  return intersection(a, b).reduce((sum, ring) => sum + polygonArea(ring), 0);
}

/** Area of the part of a polygon that any of several others cover [steradian]. */
export function overlapAreaOfUnion(a: Corners, others: readonly Corners[]): number {
  const near = others.filter((b) => b.length >= 3 && !apart(a, b));
  if (a.length < 3 || near.length === 0) return 0;
  if (near.length === 1) return overlapArea(a, near[0]);
  const plane = new Plane([...a, ...near.flat()]);
  const rings = overlay([plane.ring(a)], unionPolygons(near.map((b) => plane.ring(b))), "intersection");
  return areaOf(
    rings.map((ring) => plane.sky(ring)),
    shellsOf(rings),
  );
}

/** Whether two polygons have an area in common. */
export function overlaps(a: Corners, b: Corners): boolean {
  return overlapArea(a, b) > 0;
}

/** Whether a direction is inside a polygon of less than a hemisphere. */
export function containsPoint(polygon: Corners, lon: number, lat: number): boolean {
  const plane = new Plane(polygon);
  const far = polygon.reduce((m, [l, b]) => Math.min(m, dot(unitVector(l, b), unitVector(lon, lat))), 1);
  if (far < -0.99) return false;
  try {
    const [[x, y]] = plane.ring([[lon, lat], polygon[0]]);
    return insideRings([plane.ring(polygon)], x, y);
  } catch (error) {
    if (error instanceof ValidationError) return false;
    throw error;
  }
}

/** Points along the boundary, at most `step` degrees apart, corners among them. */
export function sampleBoundary(polygon: Corners, step: number): [number, number][] {
  const out: [number, number][] = [];
  polygon.forEach(([lon, lat], i) => {
    const [lonB, latB] = polygon[(i + 1) % polygon.length];
    const [a, b] = [unitVector(lon, lat), unitVector(lonB, latB)];
    const angle = Math.atan2(norm(cross(a, b)), dot(a, b));
    const count = Math.max(1, Math.ceil(angle / (step * RAD)));
    out.push([lon, lat]);
    for (let k = 1; k < count; k++) {
      const t = (k / count) * angle;
      const [p, q] = [Math.sin(angle - t) / Math.sin(angle), Math.sin(t) / Math.sin(angle)];
      out.push(lonLat([a[0] * p + b[0] * q, a[1] * p + b[1] * q, a[2] * p + b[2] * q]));
    }
  });
  return out;
}

/** Whether two polygons are certainly apart: the caps around them do not touch. */
function apart(a: Corners, b: Corners): boolean {
  const cap = (corners: Corners): [Vector, number] => {
    const sum = sumOf(corners);
    const axis = scaled(sum, 1 / (norm(sum) || 1));
    const radius = Math.max(
      ...corners.map(([lon, lat]) => {
        const v = unitVector(lon, lat);
        return Math.atan2(norm(cross(v, axis)), dot(v, axis));
      }),
    );
    return [axis, radius];
  };
  const [ca, ra] = cap(a);
  const [cb, rb] = cap(b);
  return Math.atan2(norm(cross(ca, cb)), dot(ca, cb)) > ra + rb + 1e-12;
}
