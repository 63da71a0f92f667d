/** Eigenvalues and eigenvectors of a symmetric matrix. */
export interface SymmetricEigen {
  /** [n], largest first. */
  readonly values: Float64Array;
  /** [n][n], row-major; row k is the unit vector that belongs to value k. */
  readonly vectors: Float64Array;
}

/** Iterations for one eigenvalue after which the matrix is given up; two are typical. */
const MOST_ITERATIONS = 60;

/**
 * Eigenvalues of a real symmetric matrix, by Householder reduction to tridiagonal form and the implicit QL algorithm
 * (Wilkinson & Reinsch, Handbook for Automatic Computation II, 1971, II/2 and II/4).
 * @param a - [n][n], row-major; not changed, the lower triangle is used
 * @throws {RangeError} for values that are not finite
 */
export function symmetricEigen(a: Float64Array, n: number): SymmetricEigen {
  for (let i = 0; i < n * n; i++)
    if (!Number.isFinite(a[i])) throw new RangeError(`the eigenvalues of a matrix with ${a[i]} in it are not defined`);
  const z = a.slice(0, n * n);
  const d = new Float64Array(n);
  const e = new Float64Array(n);
  if (n > 0) {
    tridiagonal(z, d, e, n);
    implicitQl(z, d, e, n);
  }
  const order = Array.from({ length: n }, (_, k) => k).sort((p, q) => d[q] - d[p]);
  const vectors = new Float64Array(n * n);
  order.forEach((k, row) => {
    for (let i = 0; i < n; i++) vectors[row * n + i] = z[i * n + k];
  });
  return { values: Float64Array.from(order, (k) => d[k]), vectors };
}

/** Reduce `z` to tridiagonal form: diagonal `d`, subdiagonal `e` (from index 1); `z` becomes the transformation. */
function tridiagonal(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  for (let i = n - 1; i > 0; i--) {
    const row = i * n;
    let scale = 0;
    for (let k = 0; k < i; k++) scale += Math.abs(z[row + k]);
    d[i] = 0;
    if (i === 1 || scale === 0) {
      e[i] = z[row + i - 1];
      continue;
    }
    let h = 0;
    for (let k = 0; k < i; k++) {
      z[row + k] /= scale;
      h += z[row + k] * z[row + k];
    }
    const last = z[row + i - 1];
    const g = last >= 0 ? -Math.sqrt(h) : Math.sqrt(h);
    e[i] = scale * g;
    h -= last * g;
    z[row + i - 1] = last - g;
    d[i] = h;
    // p = A u / h, then q = p - (u.p / 2h) u; A becomes A - q u' - u q'.
    let along = 0;
    for (let j = 0; j < i; j++) {
      z[j * n + i] = z[row + j] / h;
      let sum = 0;
      for (let k = 0; k <= j; k++) sum += z[j * n + k] * z[row + k];
      for (let k = j + 1; k < i; k++) sum += z[k * n + j] * z[row + k];
      e[j] = sum / h;
      along += e[j] * z[row + j];
    }
    const half = along / (h + h);
    for (let j = 0; j < i; j++) {
      const u = z[row + j];
      e[j] -= half * u;
      for (let k = 0; k <= j; k++) z[j * n + k] -= u * e[k] + e[j] * z[row + k];
    }
  }
  e[0] = 0;
  accumulate(z, d, n);
}

/** Multiply the reflections that {@link tridiagonal} left in `z`, and collect the diagonal. */
function accumulate(z: Float64Array, d: Float64Array, n: number): void {
  d[0] = 0;
  for (let i = 0; i < n; i++) {
    const row = i * n;
    if (d[i] !== 0)
      for (let j = 0; j < i; j++) {
        let g = 0;
        for (let k = 0; k < i; k++) g += z[row + k] * z[k * n + j];
        for (let k = 0; k < i; k++) z[k * n + j] -= g * z[k * n + i];
      }
    d[i] = z[row + i];
    z[row + i] = 1;
    for (let j = 0; j < i; j++) {
      z[j * n + i] = 0;
      z[row + j] = 0;
    }
  }
}

/** Diagonalise the tridiagonal matrix; `z` is turned along, its columns become the eigenvectors. */
function implicitQl(z: Float64Array, d: Float64Array, e: Float64Array, n: number): void {
  e.copyWithin(0, 1);
  e[n - 1] = 0;
  for (let l = 0; l < n; l++) {
    for (let iteration = 0; ; iteration++) {
      let m = l;
      while (m < n - 1) {
        const near = Math.abs(d[m]) + Math.abs(d[m + 1]);
        if (Math.abs(e[m]) <= Number.EPSILON * near) break;
        m++;
      }
      if (m === l) break;
      if (iteration === MOST_ITERATIONS) throw new RangeError("the eigenvalues did not converge");
      let g = (d[l + 1] - d[l]) / (2 * e[l]);
      let r = Math.hypot(g, 1);
      g = d[m] - d[l] + e[l] / (g + (g >= 0 ? r : -r));
      let s = 1;
      let c = 1;
      let p = 0;
      let i = m - 1;
      for (; i >= l; i--) {
        let f = s * e[i];
        const b = c * e[i];
        r = Math.hypot(f, g);
        e[i + 1] = r;
        if (r === 0) {
          d[i + 1] -= p;
          e[m] = 0;
          break;
        }
        s = f / r;
        c = g / r;
        g = d[i + 1] - p;
        r = (d[i] - g) * s + 2 * c * b;
        p = s * r;
        d[i + 1] = g + p;
        g = c * r - b;
        for (let k = 0; k < n; k++) {
          const at = k * n + i;
          f = z[at + 1];
          z[at + 1] = s * z[at] + c * f;
          z[at] = c * z[at] - s * f;
        }
      }
      if (r === 0 && i >= l) continue;
      d[l] -= p;
      e[l] = g;
      e[m] = 0;
    }
  }
}
