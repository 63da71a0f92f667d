import { dampingFor } from "./damping.js";
import { type Factors, factorise } from "./qr.js";

/** Residuals at `x` [n] go to `out` [m]. */
export type Residuals = (x: Float64Array, out: Float64Array) => void;
/** Derivatives of the residuals at `x` go to `out`, [n][m]: all of the first parameter, then of the second, ... */
export type Jacobian = (x: Float64Array, out: Float64Array) => void;

/** How a fit is done. Defaults are those of MINPACK's easy-to-use drivers in scipy. */
export interface FitOptions {
  jacobian?: Jacobian;
  /** Relative change of the sum of squares at which the fit is done. */
  ftol?: number;
  /** Relative change of the parameters at which the fit is done. */
  xtol?: number;
  /** Cosine between residuals and derivatives at which the fit is done. */
  gtol?: number;
  /** Evaluations of the residuals after which the fit is given up; default 200 (n + 1), 100 (n + 1) with a Jacobian. */
  maxEvaluations?: number;
  /** First step bound over the scaled norm of the start. */
  factor?: number;
  /** Relative step of numerical derivatives. */
  step?: number;
}

/** What a fit gives. */
export interface Fit {
  /** Best parameters. */
  readonly x: Float64Array;
  /** Root of the sum of squared residuals there. */
  readonly norm: number;
  /** Evaluations of the residuals, those for derivatives included. */
  readonly evaluations: number;
  /** Whether a limit of change was reached; false when no further progress was possible before that or evaluations ran out. */
  readonly converged: boolean;
}

const norm = (a: Float64Array): number => {
  let largest = 0;
  for (const v of a) if (!(Math.abs(v) <= largest)) largest = Math.abs(v);
  if (largest === 0 || !Number.isFinite(largest)) return largest;
  let sum = 0;
  for (const v of a) sum += (v / largest) * (v / largest);
  return largest * Math.sqrt(sum);
};

function numericalJacobian(
  residuals: Residuals,
  m: number,
  step: number,
): (x: Float64Array, f: Float64Array, out: Float64Array) => void {
  const moved = new Float64Array(m);
  return (x, f, out) => {
    const at = x.slice();
    for (let j = 0; j < x.length; j++) {
      const h = step * Math.abs(x[j]) || step;
      at[j] = x[j] + h;
      residuals(at, moved);
      at[j] = x[j];
      for (let i = 0; i < m; i++) out[j * m + i] = (moved[i] - f[i]) / h;
    }
  };
}

/**
 * Parameters that minimise the sum of squared residuals, by the algorithm of Levenberg and Marquardt with a scaled trust region as
 * in MINPACK (Moré, The Levenberg-Marquardt algorithm: implementation and theory, 1978).
 * @param residuals - the function; called with arrays that it may not keep
 * @param start - [n], not changed
 * @param m - number of residuals, at least n
 * @throws {RangeError} when there are fewer residuals than parameters
 */
export function leastSquares(residuals: Residuals, start: ArrayLike<number>, m: number, options: FitOptions = {}): Fit {
  const n = start.length;
  if (m < n) throw new RangeError(`cannot fit ${n} parameters to ${m} values`);
  const { ftol = 1.49012e-8, xtol = 1.49012e-8, gtol = 0, factor = 100, step = Math.sqrt(Number.EPSILON) } = options;
  const most = options.maxEvaluations ?? (options.jacobian ? 100 : 200) * (n + 1);
  const numerical = numericalJacobian(residuals, m, step);
  const derive = options.jacobian ?? ((x: Float64Array, out: Float64Array) => numerical(x, f, out));
  const perJacobian = options.jacobian ? 0 : n;

  let x = Float64Array.from(start);
  let f = new Float64Array(m);
  let trialF = new Float64Array(m);
  const jacobian = new Float64Array(n * m);
  const scale = new Float64Array(n);
  residuals(x, f);
  let evaluations = 1;
  let best = norm(f);
  let bound = 0;
  let xnorm = 0;
  let damping = 0;
  const finish = (converged: boolean): Fit => ({ x, norm: best, evaluations, converged });
  if (!Number.isFinite(best)) return finish(false);

  for (let first = true; ; first = false) {
    derive(x, jacobian);
    evaluations += perJacobian;
    const factors: Factors = factorise(jacobian, m, n, f);
    if (first) {
      for (let j = 0; j < n; j++) scale[j] = factors.norms[j] || 1;
      xnorm = norm(x.map((v, j) => v * scale[j]));
      bound = factor * xnorm || factor;
    }
    if (best === 0 || !factors.norms.every(Number.isFinite)) return finish(best === 0);
    const slope = steepest(factors, n, best);
    if (slope <= gtol) return finish(true);
    for (let j = 0; j < n; j++) scale[j] = Math.max(scale[j], factors.norms[j]);

    for (let ratio = 0; ratio < 1e-4; ) {
      const found = dampingFor(factors, n, scale, bound, damping);
      damping = found.damping;
      const move = found.move;
      const trial = x.map((v, j) => v - move[j]);
      const length = norm(move.map((v, j) => v * scale[j]));
      if (first && bound > length) bound = length;
      residuals(trial, trialF);
      evaluations++;
      const trialNorm = norm(trialF);
      const actual = 0.1 * trialNorm < best ? 1 - (trialNorm / best) ** 2 : -1;
      const linear = norm(modelChange(factors, n, move)) / best;
      const damped = (Math.sqrt(damping) * length) / best;
      const predicted = linear ** 2 + 2 * damped ** 2;
      const direction = -(linear ** 2 + damped ** 2);
      ratio = predicted === 0 || Number.isNaN(actual) ? 0 : actual / predicted;
      if (ratio <= 0.25) {
        let shrink = actual >= 0 ? 0.5 : (0.5 * direction) / (direction + 0.5 * actual);
        if (0.1 * trialNorm >= best || !(shrink >= 0.1)) shrink = 0.1;
        bound = shrink * Math.min(bound, length / 0.1);
        damping /= shrink;
      } else if (damping === 0 || ratio >= 0.75) {
        bound = length / 0.5;
        damping *= 0.5;
      }
      if (ratio >= 1e-4) {
        x = trial;
        [f, trialF] = [trialF, f];
        xnorm = norm(x.map((v, j) => v * scale[j]));
        best = trialNorm;
      }
      const small = Math.abs(actual) <= ftol && predicted <= ftol && 0.5 * ratio <= 1;
      if (small || bound <= xtol * xnorm) return finish(true);
      const stuck = Math.abs(actual) <= Number.EPSILON && predicted <= Number.EPSILON && 0.5 * ratio <= 1;
      if (stuck || bound <= Number.EPSILON * xnorm || slope <= Number.EPSILON || evaluations >= most)
        return finish(false);
    }
  }
}

/** Largest cosine between the residuals and a column of derivatives. */
function steepest({ r, qtf, order, norms }: Factors, n: number, best: number): number {
  let out = 0;
  for (let j = 0; j < n; j++) {
    const length = norms[order[j]];
    if (length === 0) continue;
    let sum = 0;
    for (let i = 0; i <= j; i++) sum += r[i * n + j] * (qtf[i] / best);
    out = Math.max(out, Math.abs(sum / length));
  }
  return out;
}

/** R P' move: change of the residuals that the linear model foresees. */
function modelChange({ r, order }: Factors, n: number, move: Float64Array): Float64Array {
  const out = new Float64Array(n);
  for (let j = 0; j < n; j++) for (let i = 0; i <= j; i++) out[i] += r[i * n + j] * move[order[j]];
  return out;
}
