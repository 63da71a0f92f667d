import { ValidationError } from "@calwebb/errors";
import type { BoundingBox } from "./transforms/bounding-box.js";
import { BLOCK, type Transform } from "./transforms/transform.js";

/** How an inverse is searched. */
export interface SearchOptions {
  /** Stop when the last step is smaller [pixel]; default 1e-6, which quadratic convergence makes much better. */
  tolerance?: number;
  maxIterations?: number;
}

const STEP = 0.5;

/**
 * Solve `transform(x, y) = world` by Newton's method on blocks of points, with derivatives by differences. Starts from the plane
 * that touches the transform in the middle of the bounding box. Points that do not converge become NaN.
 * @param world - two arrays; longitudes in degrees are compared modulo 360
 */
export function numericalInverse(
  transform: Transform,
  box: BoundingBox | undefined,
  world: readonly Float64Array[],
  { tolerance = 1e-6, maxIterations = 50 }: SearchOptions = {},
): Float64Array[] {
  if (transform.nInputs !== 2 || transform.nOutputs !== 2 || world.length !== 2)
    throw new ValidationError("a numerical inverse needs a transform of two coordinates to two", {
      got: `${transform.nInputs} to ${transform.nOutputs}`,
    });
  const n = world[0].length;
  const out = [new Float64Array(n), new Float64Array(n)];
  const start = startingPlane(transform, box);
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(n, from + BLOCK);
    solveBlock(
      transform,
      start,
      world.map((w) => w.subarray(from, to)),
      out.map((o) => o.subarray(from, to)),
      tolerance,
      maxIterations,
    );
  }
  return out;
}

interface Plane {
  x: number;
  y: number;
  lon: number;
  lat: number;
  /** Derivatives of the world coordinates: d lon / dx, d lon / dy, d lat / dx, d lat / dy. */
  jacobian: readonly [number, number, number, number];
}

function startingPlane(transform: Transform, box: BoundingBox | undefined): Plane {
  const middle = (i: number): number => {
    const [low, high] = box?.at(i) ?? [0, 2048];
    return Number.isFinite(low + high) ? (low + high) / 2 : 1024;
  };
  const [x, y] = [middle(0), middle(1)];
  const [lon, lat] = transform.point(x, y);
  const [lonX, latX] = transform.point(x + 1, y);
  const [lonY, latY] = transform.point(x, y + 1);
  return { x, y, lon, lat, jacobian: [turn(lonX - lon), turn(lonY - lon), latX - lat, latY - lat] };
}

/** A difference of longitudes as -180 .. 180. */
function turn(d: number): number {
  return d - 360 * Math.round(d / 360);
}

function solveBlock(
  transform: Transform,
  start: Plane,
  [lon, lat]: readonly Float64Array[],
  [x, y]: readonly Float64Array[],
  tolerance: number,
  maxIterations: number,
): void {
  const n = lon.length;
  const [a, b, c, d] = start.jacobian;
  const det = a * d - b * c;
  for (let i = 0; i < n; i++) {
    const u = turn(lon[i] - start.lon);
    const v = lat[i] - start.lat;
    x[i] = start.x + (d * u - b * v) / det;
    y[i] = start.y + (a * v - c * u) / det;
  }
  const fresh = (): Float64Array[] => [new Float64Array(n), new Float64Array(n)];
  const [here, right, up, shifted] = [fresh(), fresh(), fresh(), new Float64Array(n)];
  const last = new Float64Array(n).fill(Number.POSITIVE_INFINITY);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    transform.kernel([x, y], here, n);
    for (let i = 0; i < n; i++) shifted[i] = x[i] + STEP;
    transform.kernel([shifted, y], right, n);
    for (let i = 0; i < n; i++) shifted[i] = y[i] + STEP;
    transform.kernel([x, shifted], up, n);
    let open = 0;
    for (let i = 0; i < n; i++) {
      if (!(last[i] > tolerance * 1e-4)) continue;
      const du = turn(lon[i] - here[0][i]);
      const dv = lat[i] - here[1][i];
      const ja = turn(right[0][i] - here[0][i]) / STEP;
      const jb = turn(up[0][i] - here[0][i]) / STEP;
      const jc = (right[1][i] - here[1][i]) / STEP;
      const jd = (up[1][i] - here[1][i]) / STEP;
      const jdet = ja * jd - jb * jc;
      const dx = (jd * du - jb * dv) / jdet;
      const dy = (ja * dv - jc * du) / jdet;
      x[i] += dx;
      y[i] += dy;
      const size = Math.hypot(dx, dy);
      // Rounding keeps the last steps from vanishing; a small step that no longer shrinks is the end.
      last[i] = size < tolerance && size >= last[i] / 4 ? 0 : size;
      if (Number.isNaN(size)) last[i] = Number.NaN;
      if (last[i] > tolerance * 1e-4) open++;
    }
    if (open === 0) break;
  }
  for (let i = 0; i < n; i++)
    if (!(last[i] <= tolerance)) {
      x[i] = Number.NaN;
      y[i] = Number.NaN;
    }
}
