/** A = U diag(s) V'. */
export interface SingularValues {
  /** [m][n], row-major; columns of zero singular values are zero. */
  readonly u: Float64Array;
  /** [n], largest first. */
  readonly s: Float64Array;
  /** [n][n], row-major; column k belongs to value k. */
  readonly v: Float64Array;
}

const MOST_SWEEPS = 60;

/**
 * Singular value decomposition by one-sided Jacobi rotations (Hestenes, J. SIAM 6, 51, 1958): slow for large matrices, and small
 * singular values are as accurate as large ones.
 * @param a - [m][n], row-major; not changed; m may be smaller than n
 * @throws {RangeError} for values that are not finite
 */
export function singularValues(a: Float64Array, m: number, n: number): SingularValues {
  for (let i = 0; i < m * n; i++)
    if (!Number.isFinite(a[i]))
      throw new RangeError(`the singular values of a matrix with ${a[i]} in it are not defined`);
  // Column by column, so that a rotation walks through memory in order.
  const w = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) w[j * m + i] = a[i * n + j];
  const v = new Float64Array(n * n);
  for (let j = 0; j < n; j++) v[j * n + j] = 1;
  for (let sweep = 0, turned = true; turned && sweep < MOST_SWEEPS; sweep++) {
    turned = false;
    for (let p = 0; p < n - 1; p++) for (let q = p + 1; q < n; q++) if (orthogonalise(w, m, v, n, p, q)) turned = true;
  }
  const norms = Float64Array.from({ length: n }, (_, j) => Math.sqrt(dot(w, j * m, j * m, m)));
  const order = Array.from({ length: n }, (_, j) => j).sort((p, q) => norms[q] - norms[p]);
  const out = { u: new Float64Array(m * n), s: new Float64Array(n), v: new Float64Array(n * n) };
  order.forEach((j, k) => {
    const s = norms[j];
    out.s[k] = s;
    if (s > 0) for (let i = 0; i < m; i++) out.u[i * n + k] = w[j * m + i] / s;
    for (let i = 0; i < n; i++) out.v[i * n + k] = v[j * n + i];
  });
  return out;
}

function dot(w: Float64Array, p: number, q: number, n: number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += w[p + i] * w[q + i];
  return sum;
}

/** Turn columns p and q so that they are at right angles; whether they were not. */
function orthogonalise(w: Float64Array, m: number, v: Float64Array, n: number, p: number, q: number): boolean {
  const alpha = dot(w, p * m, p * m, m);
  const beta = dot(w, q * m, q * m, m);
  const gamma = dot(w, p * m, q * m, m);
  if (gamma === 0 || Math.abs(gamma) <= Number.EPSILON * Math.sqrt(alpha * beta)) return false;
  const zeta = (beta - alpha) / (2 * gamma);
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.hypot(1, zeta));
  const c = 1 / Math.hypot(1, t);
  const s = c * t;
  turn(w, p * m, q * m, m, c, s);
  turn(v, p * n, q * n, n, c, s);
  return true;
}

function turn(w: Float64Array, p: number, q: number, n: number, c: number, s: number): void {
  for (let i = 0; i < n; i++) {
    const a = w[p + i];
    const b = w[q + i];
    w[p + i] = c * a - s * b;
    w[q + i] = s * a + c * b;
  }
}
