import { singularValues } from "./singular-values.js";

/**
 * Moore-Penrose pseudo-inverse.
 * @param a - [m][n], row-major; not changed
 * @param rcond - singular values up to this fraction of the largest count as zero
 * @returns [n][m], row-major
 */
export function pseudoInverse(a: Float64Array, m: number, n: number, rcond = 1e-15): Float64Array {
  const { u, s, v } = singularValues(a, m, n);
  const out = new Float64Array(n * m);
  const least = rcond * (s[0] ?? 0);
  for (let k = 0; k < n && s[k] > least; k++)
    for (let i = 0; i < n; i++) {
      const factor = v[i * n + k] / s[k];
      for (let j = 0; j < m; j++) out[i * m + j] += factor * u[j * n + k];
    }
  return out;
}

/** Number of singular values above `tolerance`. @param a - [m][n], row-major; not changed */
export function rank(a: Float64Array, m: number, n: number, tolerance: number): number {
  return singularValues(a, m, n).s.reduce((count, value) => count + (value > tolerance ? 1 : 0), 0);
}
