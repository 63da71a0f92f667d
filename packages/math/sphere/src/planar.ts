/** A point of the plane. */
export type Point = readonly [number, number];
/** Corners of a simple polygon without repeating the first one. */
export type Ring = readonly Point[];

/** Signed area: positive when the corners run counter-clockwise. */
export function signedArea(ring: Ring): number {
  let sum = 0;
  const [x0, y0] = ring[0] ?? [0, 0];
  for (let i = 0; i < ring.length; i++) {
    const [xa, ya] = ring[i];
    const [xb, yb] = ring[(i + 1) % ring.length];
    sum += (xa - x0) * (yb - y0) - (xb - x0) * (ya - y0);
  }
  return sum / 2;
}

/** Whether a point is inside a ring (even-odd rule). Points on the boundary may go either way. */
export function insideRing(ring: Ring, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i];
    const [xj, yj] = ring[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Whether a point is inside an area given by its rings, holes among them. */
export function insideRings(rings: readonly Ring[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) if (insideRing(ring, x, y)) inside = !inside;
  return inside;
}

/**
 * The part of a polygon inside a convex polygon, by cutting with one side after the other (Sutherland & Hodgman 1974).
 * @param clip - convex; either sense
 * @returns the corners; empty when there is no overlap
 */
export function clipConvex(subject: Ring, clip: Ring): Ring {
  const sense = Math.sign(signedArea(clip)) || 1;
  let out: Point[] = [...subject];
  for (let i = 0; i < clip.length && out.length > 0; i++) {
    const [ax, ay] = clip[i];
    const [bx, by] = clip[(i + 1) % clip.length];
    const side = ([x, y]: Point): number => sense * ((bx - ax) * (y - ay) - (by - ay) * (x - ax));
    const input = out;
    out = [];
    for (let k = 0; k < input.length; k++) {
      const p = input[k];
      const q = input[(k + 1) % input.length];
      const sp = side(p);
      const sq = side(q);
      if (sp >= 0) out.push(p);
      if (sp > 0 !== sq > 0 && sp !== 0 && sq !== 0) {
        const t = sp / (sp - sq);
        out.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
      }
    }
  }
  return out.length < 3 ? [] : out;
}
