import { singularValues } from "@calwebb/linalg";
import { dampedStep, dot, norm, Quadratic, toSphere, type Vector } from "./trust-region.js";

export interface BoundedOptions {
  /** Stop when a step lowers the cost by less than this fraction of it. Default 1e-8. */
  ftol?: number;
  /** Stop when a step is shorter than this fraction of the parameters. Default 1e-8. */
  xtol?: number;
  /** Stop when the gradient, scaled by the distances to the bounds, is smaller than this. Default 1e-8. */
  gtol?: number;
  /** Most evaluations, those for derivatives not counted. Default 100 per parameter. */
  evaluations?: number;
  /** Step of the derivatives as a fraction of the parameter. Default the root of the precision. */
  step?: number;
}

export interface BoundedFit {
  parameters: Float64Array;
  /** Half of the sum of squares. */
  cost: number;
  evaluations: number;
  /** Why it ended; `evaluations` when it had not converged. */
  end: "gradient" | "cost" | "step" | "evaluations";
}

/** Residuals at parameters, m of them. */
export type BoundedResiduals = (parameters: Float64Array) => Float64Array;

interface Bounds {
  lower: Vector;
  upper: Vector;
}

/** Forward differences, backward where the bound is too near. [m][n], row-major. */
function differences(fun: BoundedResiduals, x: Vector, f: Float64Array, { lower, upper }: Bounds, step: number) {
  const n = x.length;
  const jacobian = new Float64Array(f.length * n);
  for (let k = 0; k < n; k++) {
    let h = step * x[k];
    if (x[k] + h === x[k]) h = Math.sqrt(Number.EPSILON) * (x[k] < 0 ? -1 : 1) * Math.max(1, Math.abs(x[k]));
    const [down, up] = [x[k] - lower[k], upper[k] - x[k]];
    if (Math.abs(h) > Math.max(down, up)) h = up >= down ? up : -down;
    else if (x[k] + h < lower[k] || x[k] + h > upper[k]) h = -h;
    const moved = Float64Array.from(x);
    moved[k] += h;
    const dx = moved[k] - x[k];
    const g = fun(moved);
    for (let i = 0; i < f.length; i++) jacobian[i * n + k] = (g[i] - f[i]) / dx;
  }
  return jacobian;
}

/** Distance along s to the first bound, and which parameters meet it. */
function toBound(x: Vector, s: Vector, { lower, upper }: Bounds): { t: number; hits: boolean[] } {
  const t = Array.from(s, (d, k) => (d === 0 ? Infinity : Math.max((lower[k] - x[k]) / d, (upper[k] - x[k]) / d)));
  const least = Math.min(...t);
  return { t: least, hits: t.map((v, k) => v === least && s[k] !== 0) };
}

const scaled = (a: Vector, by: number): Vector => a.map((v) => v * by);
const times = (a: Vector, b: Vector): Vector => a.map((v, k) => v * b[k]);
const plus = (a: Vector, b: Vector): Vector => a.map((v, k) => v + b[k]);

/** The next step in scaled parameters and by how much it should lower the cost: as it is, reflected at the bound, or down the gradient. */
function chooseStep(
  x: Vector,
  model: Quadratic,
  g: Vector,
  p: Vector,
  d: Vector,
  radius: number,
  b: Bounds,
  keep: number,
) {
  const end = plus(x, times(d, p));
  if (end.every((v, k) => v >= b.lower[k] && v <= b.upper[k])) return { step: p, gain: -model.at(p) };
  const wall = toBound(x, times(d, p), b);
  const touching = scaled(p, wall.t);
  const mirrored = p.map((v, k) => (wall.hits[k] ? -v : v));
  const sphere = toSphere(touching, mirrored, radius);
  const next = toBound(plus(x, times(d, touching)), times(d, mirrored), b).t;
  const farthest = Math.min(next, sphere);
  const low = farthest > 0 ? ((1 - keep) * wall.t) / farthest : 0;
  const high = farthest > 0 ? (farthest === next ? keep * next : sphere) : -1;
  const origin = new Float64Array(x.length);
  const down = g.map((v) => -v);
  const downWall = toBound(x, times(d, down), b).t;
  const downSphere = radius / norm(down);
  const descent = model.along(origin, down, 0, downWall < downSphere ? keep * downWall : downSphere);
  const inner = scaled(touching, keep);
  const choices = [
    { step: scaled(down, descent.t), gain: -descent.value },
    { step: inner, gain: -model.at(inner) },
  ];
  if (low <= high) {
    const reflected = model.along(touching, mirrored, low, high);
    choices.push({ step: plus(touching, scaled(mirrored, reflected.t)), gain: -reflected.value });
  }
  return choices.reduce((best, other) => (other.gain > best.gain ? other : best));
}

/** Off the bounds by a part in 1e16 (`part` 0) or by `part` of the bound's size. */
function inside(x: Vector, { lower, upper }: Bounds, part: number): Vector {
  return x.map((v, k) => {
    const room = (bound: number): number =>
      part > 0 ? part * Math.max(1, Math.abs(bound)) : Math.max(Number.MIN_VALUE, Math.abs(bound) * Number.EPSILON);
    const near = (bound: number): number => (part > 0 ? room(bound) : 0);
    if (Number.isFinite(lower[k]) && v - lower[k] <= Math.min(upper[k] - v, near(lower[k])))
      return lower[k] + room(lower[k]);
    if (Number.isFinite(upper[k]) && upper[k] - v <= Math.min(v - lower[k], near(upper[k])))
      return upper[k] - room(upper[k]);
    return v;
  });
}

/**
 * Nonlinear least squares with bounds by the trust-region-reflective method with the scaling of Coleman and Li (Branch, Coleman & Li,
 * SIAM J. Sci. Comput. 21, 1, 1999); derivatives are differences.
 * @param start - between the bounds
 * @param lower - bounds, -Infinity where there is none
 * @param upper - bounds, Infinity where there is none
 * @throws {RangeError} when the start is not between the bounds or a residual there is not finite
 */
export function boundedLeastSquares(
  fun: BoundedResiduals,
  start: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  options: BoundedOptions = {},
): BoundedFit {
  const bounds: Bounds = { lower: Float64Array.from(lower), upper: Float64Array.from(upper) };
  const n = start.length;
  const { ftol = 1e-8, xtol = 1e-8, gtol = 1e-8, evaluations: most = 100 * n, step: part = 2 ** -26 } = options;
  let x: Vector = Float64Array.from(start);
  if (!x.every((v, k) => v >= bounds.lower[k] && v <= bounds.upper[k]))
    throw new RangeError(`the start ${[...x].join(", ")} is not between the bounds`);
  x = inside(x, bounds, 1e-10);
  let f = fun(x);
  if (!f.every(Number.isFinite)) throw new RangeError("a residual at the start is not finite");
  const m = f.length;
  let cost = 0.5 * dot(f, f);
  let jacobian = differences(fun, x, f, bounds, part);
  let evaluations = 1;
  let radius = 0;
  let alpha = 0;
  let end: BoundedFit["end"] | undefined;
  for (;;) {
    const g = new Float64Array(n);
    for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) g[k] += jacobian[i * n + k] * f[i];
    const v = new Float64Array(n).fill(1);
    const curvature = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      if (g[k] < 0 && Number.isFinite(bounds.upper[k])) v[k] = bounds.upper[k] - x[k];
      else if (g[k] > 0 && Number.isFinite(bounds.lower[k])) v[k] = x[k] - bounds.lower[k];
      else continue;
      curvature[k] = Math.abs(g[k]);
    }
    if (evaluations === 1) radius = norm(x.map((value, k) => value / Math.sqrt(v[k]))) || 1;
    const steepest = Math.max(...times(g, v).map(Math.abs));
    if (steepest < gtol) end = "gradient";
    if (end !== undefined || evaluations >= most) break;

    // Distances to the bounds scale the parameters; their change adds a curvature.
    const d = v.map(Math.sqrt);
    const augmented = new Float64Array((m + n) * n);
    for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) augmented[i * n + k] = jacobian[i * n + k] * d[k];
    const model = new Quadratic(augmented.slice(0, m * n), curvature, times(d, g));
    for (let k = 0; k < n; k++) augmented[(m + k) * n + k] = Math.sqrt(curvature[k]);
    const svd = singularValues(augmented, m + n, n);
    const uf = new Float64Array(n);
    for (let i = 0; i < m; i++) for (let k = 0; k < n; k++) uf[k] += svd.u[i * n + k] * f[i];
    const keep = Math.max(0.995, 1 - steepest);

    for (let reduction = -1; reduction <= 0 && evaluations < most; ) {
      const [p, damping] = dampedStep(svd, uf, m, radius, alpha);
      alpha = damping;
      const { step, gain } = chooseStep(x, model, times(d, g), p, d, radius, bounds, keep);
      const change = times(d, step);
      const there = inside(plus(x, change), bounds, 0);
      const residuals = fun(there);
      evaluations++;
      const length = norm(step);
      if (!residuals.every(Number.isFinite)) {
        radius = 0.25 * length;
        continue;
      }
      const newCost = 0.5 * dot(residuals, residuals);
      reduction = cost - newCost;
      const ratio = gain > 0 ? reduction / gain : gain === 0 && reduction === 0 ? 1 : 0;
      const before = radius;
      if (ratio < 0.25) radius = 0.25 * length;
      else if (ratio > 0.75 && length > 0.95 * radius) radius *= 2;
      if (reduction < ftol * cost && ratio > 0.25) end = "cost";
      else if (norm(change) < xtol * (xtol + norm(x))) end = "step";
      if (reduction > 0) {
        x = there;
        f = residuals;
        cost = newCost;
      }
      if (end !== undefined) break;
      alpha *= before / radius;
    }
    // At the end there is nothing left to differentiate for.
    if (end !== undefined) break;
    jacobian = differences(fun, x, f, bounds, part);
  }
  return { parameters: x, cost, evaluations, end: end ?? "evaluations" };
}
