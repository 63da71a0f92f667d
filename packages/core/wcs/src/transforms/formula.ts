type Points = (a: Float64Array, b: Float64Array, c: Float64Array, d: Float64Array, n: number) => void;

/** Both directions of a projection, for blocks of points in degrees. */
export interface Formula {
  /** x, y to phi, theta. */
  toSky: Points;
  /** phi, theta to x, y. */
  toPlane: Points;
}

/** Parameters of a projection by the names of its node. */
export type Parameters = Readonly<Record<string, number>>;

/** A projection from the formulas of one point. */
export function pointwise(
  sky: (x: number, y: number) => readonly [number, number],
  plane: (phi: number, theta: number) => readonly [number, number],
): Formula {
  const each =
    (f: (a: number, b: number) => readonly [number, number]): Points =>
    (a, b, c, d, n) => {
      for (let i = 0; i < n; i++) [c[i], d[i]] = f(a[i], b[i]);
    };
  return { toSky: each(sky), toPlane: each(plane) };
}

/** Numbers a rounding error outside -1 .. 1 are brought back. */
export function snap(s: number): number {
  if (s > 1 && s < 1 + 1e-12) return 1;
  if (s < -1 && s > -1 - 1e-12) return -1;
  return s;
}
