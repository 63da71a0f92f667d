/**
 * A cubic spline through equally spaced points with not-a-knot ends, as polynomials per interval.
 */
export interface Spline {
  /** Position of the first point. */
  x0: number;
  /** Distance of the points. */
  step: number;
  /** Number of intervals. */
  intervals: number;
  /** [intervals][4]: value, and coefficients of t, t^2, t^3 with t in units of the step from the left point. */
  c: Float64Array;
}

/**
 * Fit the spline: second derivatives solve a tridiagonal system; the third derivative is continuous at the second and the
 * last but one point.
 * @throws {RangeError} for fewer than four points
 */
export function fitSpline(x0: number, step: number, y: Float64Array): Spline {
  const n = y.length;
  if (n < 4) throw new RangeError(`a cubic spline needs 4 or more points, not ${n}`);
  // m[i] = second derivative times step^2. Not-a-knot: m0 = 2 m1 - m2 and the mirror image, folded into the first and last row.
  const rows = n - 2;
  const diag = new Float64Array(rows).fill(4);
  const low = new Float64Array(rows).fill(1);
  const up = new Float64Array(rows).fill(1);
  const rhs = new Float64Array(rows);
  for (let i = 0; i < rows; i++) rhs[i] = 6 * (y[i] - 2 * y[i + 1] + y[i + 2]);
  diag[0] = 6;
  up[0] = 0;
  diag[rows - 1] = 6;
  low[rows - 1] = 0;
  for (let i = 1; i < rows; i++) {
    const w = low[i] / diag[i - 1];
    diag[i] -= w * up[i - 1];
    rhs[i] -= w * rhs[i - 1];
  }
  const m = new Float64Array(n);
  for (let i = rows - 1; i >= 0; i--) m[i + 1] = (rhs[i] - (i + 1 < rows ? up[i] * m[i + 2] : 0)) / diag[i];
  m[0] = 2 * m[1] - m[2];
  m[n - 1] = 2 * m[n - 2] - m[n - 3];
  const c = new Float64Array(4 * (n - 1));
  for (let i = 0; i < n - 1; i++) {
    c[4 * i] = y[i];
    c[4 * i + 1] = y[i + 1] - y[i] - (2 * m[i] + m[i + 1]) / 6;
    c[4 * i + 2] = m[i] / 2;
    c[4 * i + 3] = (m[i + 1] - m[i]) / 6;
  }
  return { x0, step, intervals: n - 1, c };
}

/** Value of the spline; outside the points the end polynomials continue. */
export function evaluateSpline(s: Spline, x: number): number {
  const u = (x - s.x0) / s.step;
  let i = Math.floor(u);
  if (i < 0) i = 0;
  else if (i >= s.intervals) i = s.intervals - 1;
  const t = u - i;
  const p = 4 * i;
  const c = s.c;
  return c[p] + t * (c[p + 1] + t * (c[p + 2] + t * c[p + 3]));
}

/** The reference waveform as a spline of phase, wrapped by one point at either end; point k is at phase (k + 0.5) / n. */
export function waveformSpline(wave: Float64Array): Spline {
  const n = wave.length;
  const y = new Float64Array(n + 2);
  y[0] = wave[n - 1];
  y.set(wave, 1);
  y[n + 1] = wave[0];
  return fitSpline(-0.5 / n, 1 / n, y);
}

/** x modulo 1, in [0, 1). */
export function fraction(x: number): number {
  return x - Math.floor(x);
}
