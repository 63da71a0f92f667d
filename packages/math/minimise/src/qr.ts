/** Q R P' of a matrix of derivatives, and Q' f. */
export interface Factors {
  /** [n][n], row-major, upper triangle. */
  readonly r: Float64Array;
  /** Column j of R belongs to parameter `order[j]`. */
  readonly order: readonly number[];
  /** First n elements of Q' f. */
  readonly qtf: Float64Array;
  /** Norms of the columns, by parameter. */
  readonly norms: Float64Array;
}

/**
 * Householder QR with column pivoting (Golub & Van Loan, Matrix Computations, 5.4).
 * @param jacobian - [n][m]; overwritten
 * @param f - [m]; not changed
 */
export function factorise(jacobian: Float64Array, m: number, n: number, f: Float64Array): Factors {
  const column = (j: number): Float64Array => jacobian.subarray(j * m, j * m + m);
  const length = (v: Float64Array, from: number): number => {
    let sum = 0;
    for (let i = from; i < m; i++) sum += v[i] * v[i];
    return Math.sqrt(sum);
  };
  const norms = Float64Array.from({ length: n }, (_, j) => length(column(j), 0));
  const order = Array.from({ length: n }, (_, j) => j);
  const rhs = f.slice();
  const r = new Float64Array(n * n);
  for (let k = 0; k < n; k++) {
    let pivot = k;
    let largest = -1;
    for (let j = k; j < n; j++) {
      const rest = length(column(order[j]), k);
      if (rest > largest) {
        largest = rest;
        pivot = j;
      }
    }
    [order[k], order[pivot]] = [order[pivot], order[k]];
    const v = column(order[k]);
    // R is kept in the columns; its diagonal is put where the reflection starts once that has been applied.
    const alpha = v[k] > 0 ? -largest : largest;
    if (largest > 0) {
      v[k] -= alpha;
      const square = length(v, k) ** 2;
      for (let j = k + 1; j < n; j++) reflect(v, column(order[j]), k, m, square);
      reflect(v, rhs, k, m, square);
    }
    r[k * n + k] = largest > 0 ? alpha : 0;
  }
  for (let j = 0; j < n; j++) for (let i = 0; i < j; i++) r[i * n + j] = column(order[j])[i];
  return { r, order, qtf: rhs.slice(0, n), norms };
}

function reflect(v: Float64Array, w: Float64Array, from: number, m: number, square: number): void {
  let sum = 0;
  for (let i = from; i < m; i++) sum += v[i] * w[i];
  const factor = (2 * sum) / square;
  for (let i = from; i < m; i++) w[i] -= factor * v[i];
}

/** Solution of a damped problem, and the triangle it was found with. */
export interface Damped {
  /** [n], by parameter. */
  readonly x: Float64Array;
  /** [n][n]: S' S = P' (J'J + D D) P. */
  readonly s: Float64Array;
}

/**
 * Least squares of J x = f and D x = 0 together, by Givens rotations of the rows of D into R.
 * @param diagonal - D, by parameter
 */
export function solveDamped({ r, order, qtf }: Factors, n: number, diagonal: Float64Array): Damped {
  const s = r.slice();
  const b = qtf.slice();
  const row = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    if (diagonal[order[j]] === 0) continue;
    row.fill(0);
    row[j] = diagonal[order[j]];
    let value = 0;
    for (let k = j; k < n; k++) {
      if (row[k] === 0) continue;
      const length = Math.hypot(s[k * n + k], row[k]);
      const cos = s[k * n + k] / length;
      const sin = row[k] / length;
      for (let i = k; i < n; i++) {
        const top = s[k * n + i];
        s[k * n + i] = cos * top + sin * row[i];
        row[i] = cos * row[i] - sin * top;
      }
      const top = b[k];
      b[k] = cos * top + sin * value;
      value = cos * value - sin * top;
    }
  }
  return { x: backSubstitute(s, b, n, order), s };
}

/** Solve S z = b from the bottom; from the first zero on the diagonal on, z is zero. Gives P z. */
export function backSubstitute(s: Float64Array, b: Float64Array, n: number, order: readonly number[]): Float64Array {
  let usable = n;
  for (let j = 0; j < n; j++)
    if (s[j * n + j] === 0) {
      usable = j;
      break;
    }
  const z = new Float64Array(n);
  for (let k = usable - 1; k >= 0; k--) {
    let sum = b[k];
    for (let i = k + 1; i < usable; i++) sum -= s[k * n + i] * z[i];
    z[k] = sum / s[k * n + k];
  }
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) x[order[j]] = z[j];
  return x;
}
