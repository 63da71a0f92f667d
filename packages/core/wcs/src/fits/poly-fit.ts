import { ValidationError } from "@calwebb/errors";

/** Two polynomials of two variables without constant terms: coefficient of u^p v^q at `p * (degree + 1) + q`. */
export interface PolynomialPair {
  degree: number;
  x: Float64Array;
  y: Float64Array;
}

/** Points (u, v) and what the polynomials shall give there. */
export interface Samples {
  u: Float64Array;
  v: Float64Array;
  x: Float64Array;
  y: Float64Array;
}

export interface FitOptions {
  /** One degree, or the degrees to try from the lowest. */
  degree: number | readonly number[];
  /** Largest distance allowed, in units of `scale`. */
  maxError: number;
  scale: number;
  /** Points between those of the fit, to check it. */
  check: Samples;
}

export interface FitResult extends PolynomialPair {
  /** Largest distance in units of `scale`. */
  error: number;
  /** Whether the error is within the limit. */
  accurate: boolean;
}

/** Powers (p, q) with 0 < p + q <= degree. */
function powersOf(degree: number): [number, number][] {
  const out: [number, number][] = [];
  for (let p = 0; p <= degree; p++) for (let q = 0; q <= degree - p; q++) if (p + q > 0) out.push([p, q]);
  return out;
}

/** Value of one polynomial at one point. */
export function polynomialAt(c: Float64Array, degree: number, u: number, v: number): number {
  let sum = 0;
  for (let p = degree; p >= 0; p--) {
    let row = 0;
    for (let q = degree - p; q >= 0; q--) row = row * v + c[p * (degree + 1) + q];
    sum = sum * u + row;
  }
  return sum;
}

function largestDistance(pair: PolynomialPair, s: Samples): number {
  let worst = 0;
  for (let i = 0; i < s.u.length; i++) {
    const dx = s.x[i] - polynomialAt(pair.x, pair.degree, s.u[i], s.v[i]);
    const dy = s.y[i] - polynomialAt(pair.y, pair.degree, s.u[i], s.v[i]);
    worst = Math.max(worst, Math.hypot(dx, dy));
    if (Number.isNaN(dx) || Number.isNaN(dy)) return Number.NaN;
  }
  return worst;
}

/**
 * Least squares by Householder reflections, two right sides at once. Overwrites its arguments.
 * @param a - m x n matrix by columns
 */
function solve(a: Float64Array[], right: readonly Float64Array[]): Float64Array[] {
  const n = a.length;
  const m = right[0].length;
  for (let k = 0; k < n; k++) {
    let norm = 0;
    for (let i = k; i < m; i++) norm += a[k][i] ** 2;
    norm = Math.sqrt(norm);
    if (!(norm > 0)) throw new ValidationError("the points do not determine a polynomial of this degree");
    if (a[k][k] > 0) norm = -norm;
    const v = a[k].slice();
    v[k] -= norm;
    const vv = -norm * v[k];
    const reflect = (column: Float64Array): void => {
      let dot = 0;
      for (let i = k; i < m; i++) dot += v[i] * column[i];
      const f = dot / vv;
      for (let i = k; i < m; i++) column[i] -= f * v[i];
    };
    for (let j = k; j < n; j++) reflect(a[j]);
    for (const column of right) reflect(column);
  }
  return right.map((column) => {
    const x = new Float64Array(n);
    for (let k = n - 1; k >= 0; k--) {
      let s = column[k];
      for (let j = k + 1; j < n; j++) s -= a[j][k] * x[j];
      x[k] = s / a[k][k];
    }
    return x;
  });
}

function fitDegree(s: Samples, degree: number): PolynomialPair {
  const powers = powersOf(degree);
  if (s.u.length < powers.length)
    throw new ValidationError(`a polynomial of degree ${degree} needs at least ${powers.length} points`);
  const size = (a: Float64Array): number => a.reduce((m, v) => Math.max(m, Math.abs(v)), 0) || 1;
  const [su, sv] = [size(s.u), size(s.v)];
  const columns = powers.map(([p, q]) => Float64Array.from(s.u, (u, i) => (u / su) ** p * (s.v[i] / sv) ** q));
  const [cx, cy] = solve(columns, [s.x.slice(), s.y.slice()]);
  const pair = {
    degree,
    x: new Float64Array((degree + 1) ** 2),
    y: new Float64Array((degree + 1) ** 2),
  };
  powers.forEach(([p, q], i) => {
    const unit = su ** p * sv ** q;
    pair.x[p * (degree + 1) + q] = cx[i] / unit;
    pair.y[p * (degree + 1) + q] = cy[i] / unit;
  });
  return pair;
}

function raised(pair: PolynomialPair, degree: number): PolynomialPair {
  const grow = (c: Float64Array): Float64Array => {
    const out = new Float64Array((degree + 1) ** 2);
    for (let p = 0; p <= pair.degree; p++)
      for (let q = 0; q <= pair.degree - p; q++) out[p * (degree + 1) + q] = c[p * (pair.degree + 1) + q];
    return out;
  };
  return { degree, x: grow(pair.x), y: grow(pair.y) };
}

/**
 * Fit a pair of polynomials of the lowest degree that is accurate enough. When a higher degree makes it no better, the fit before it
 * is kept, under the higher degree.
 * @throws {ValidationError} for a degree outside 1 .. 9, or points that determine nothing
 */
export function fitPolynomials(samples: Samples, { degree, maxError, scale, check }: FitOptions): FitResult {
  const degrees = typeof degree === "number" ? [degree] : [...degree].sort((a, b) => a - b);
  if (degrees.length === 0 || degrees[0] < 1 || degrees[degrees.length - 1] > 9)
    throw new ValidationError("the degree of a SIP polynomial is 1 .. 9", { got: degrees.join(", ") });
  const limit = maxError * scale;
  let best: PolynomialPair | undefined;
  let error = Number.POSITIVE_INFINITY;
  let last = degrees[0];
  for (const d of degrees) {
    last = d;
    const pair = fitDegree(samples, d);
    const found = largestDistance(pair, samples);
    if (!(found < error)) break;
    best = pair;
    error = found;
    if (error <= limit) break;
  }
  if (!best) throw new ValidationError("the transform gives no finite coordinates to fit");
  const pair = best.degree === last ? best : raised(best, last);
  if (error <= limit || degrees.length === 1) error = Math.max(error, largestDistance(pair, check));
  return { ...pair, error: error / scale, accurate: error <= limit };
}
