import { type Corners, overlapAreaOfUnion } from "@calwebb/sphere";
import type { Exposure } from "./align.js";

/** A polygon on the sky [deg]. */
export type Outline = Corners;

/** Convex hull of points of a plane, counter-clockwise. Andrew's monotone chain. */
function convexHull<P extends { u: number; v: number }>(points: readonly P[]): P[] {
  const sorted = [...points].sort((a, b) => a.u - b.u || a.v - b.v);
  const chain = (list: readonly P[]): P[] => {
    const out: P[] = [];
    for (const p of list) {
      for (;;) {
        const [a, b] = out.slice(-2);
        if (!b || (b.u - a.u) * (p.v - a.v) - (b.v - a.v) * (p.u - a.u) > 0) break;
        out.pop();
      }
      out.push(p);
    }
    return out.slice(0, -1);
  };
  return [...chain(sorted), ...chain([...sorted].reverse())];
}

/** Convex hull of positions on the sky, by a projection around the first one. */
export function hullOf(ra: Float64Array, dec: Float64Array): Outline {
  const shrink = Math.cos((dec[0] * Math.PI) / 180);
  const points = Array.from(ra, (r, i) => ({
    u: (((r - ra[0] + 540) % 360) - 180) * shrink,
    v: dec[i],
    corner: [r, dec[i]],
  }));
  return convexHull(points).map((p) => p.corner);
}

/**
 * Where the sources of an exposure are: their convex hull; where that is no area, the pixels that they are in; without sources the whole
 * exposure.
 */
export function outlineOf({ x, y, corrector }: Exposure): Outline {
  const { wcs } = corrector;
  const box = wcs.boundingBox;
  const corners = (at: readonly (readonly [number, number])[]): Outline => {
    const [ra, dec] = wcs.evaluate([Float64Array.from(at, (p) => p[0]), Float64Array.from(at, (p) => p[1])], {
      withBoundingBox: false,
    });
    return at.map((_, i) => [ra[i], dec[i]]);
  };
  if (x.length === 0) {
    const [[x0, x1], [y0, y1]] = box
      ? [box.at(0), box.at(1)]
      : [
          [-0.5, 0.5],
          [-0.5, 0.5],
        ];
    return corners([
      [x0, y0],
      [x1, y0],
      [x1, y1],
      [x0, y1],
    ]);
  }
  const offsets =
    x.length > 3
      ? [[0, 0]]
      : [
          [-0.5, -0.5],
          [0.5, -0.5],
          [0.5, 0.5],
          [-0.5, 0.5],
        ];
  const points = Array.from(x, (u, i) => offsets.map(([du, dv]) => ({ u: u + du, v: y[i] + dv }))).flat();
  return corners(convexHull(points).map(({ u, v }) => [u, v] as const));
}

/** Area that an outline has in common with others [steradian]. */
export const overlapOf = (outline: Outline, others: readonly Outline[]): number => overlapAreaOfUnion(outline, others);
