/**
 * Second derivatives of the cubic spline through equally spaced values whose third derivative is continuous at the second and the
 * last but one point ("not a knot"; de Boor 1978, chapter 4).
 * @param values - at least 4, spaced by 1; `stride` elements apart from `offset` on
 */
function curvature(values: Float64Array, offset: number, stride: number, n: number, out: Float64Array): void {
  // Eliminating the end conditions leaves a tridiagonal system for the inner points with 6 on the first and last diagonal.
  const diagonal = new Float64Array(n);
  const y = (i: number): number => values[offset + i * stride];
  for (let i = 1; i < n - 1; i++) {
    const right = 6 * (y(i + 1) - 2 * y(i) + y(i - 1));
    const edge = i === 1 || i === n - 2;
    if (i === 1) {
      diagonal[i] = 6;
      out[i] = right;
    } else {
      // At the last inner point the end condition removes the entry below the diagonal.
      const lower = edge ? 0 : 1;
      const upper = i === 2 ? 0 : 1;
      const factor = lower / diagonal[i - 1];
      diagonal[i] = (edge ? 6 : 4) - factor * upper;
      out[i] = right - factor * out[i - 1];
    }
  }
  out[n - 2] /= diagonal[n - 2];
  for (let i = n - 3; i > 0; i--) out[i] = (out[i] - (i === 1 ? 0 : out[i + 1])) / diagonal[i];
  out[0] = 2 * out[1] - out[2];
  out[n - 1] = 2 * out[n - 2] - out[n - 3];
}

/**
 * Interpolate values on a coarse regular grid, by a surface that is piecewise linear or a not-a-knot cubic spline in both directions.
 * @param coarse - [my][mx]
 * @param at - positions in x and y in steps of the coarse grid
 * @param order - 1 or 3; 3 needs at least 4 points each way
 * @param put - takes the value of each point
 */
export function interpolateGrid(
  coarse: Float64Array,
  mx: number,
  my: number,
  at: readonly [x: Float64Array, y: Float64Array],
  order: 1 | 3,
  put: (i: number, j: number, value: number) => void,
): void {
  const [xs, ys] = at;
  // First along x for every coarse row, then along y.
  const rows = new Float64Array(my * xs.length);
  along(coarse, mx, mx, 1, my, xs, order, rows, xs.length, 1);
  const column = new Float64Array(ys.length);
  for (let i = 0; i < xs.length; i++) {
    along(rows.subarray(i), my, 0, xs.length, 1, ys, order, column, 0, 1);
    for (let j = 0; j < ys.length; j++) put(i, j, column[j]);
  }
}

/** Interpolate `lines` lines of n points each. */
function along(
  values: Float64Array,
  n: number,
  line: number,
  stride: number,
  lines: number,
  at: Float64Array,
  order: 1 | 3,
  out: Float64Array,
  outLine: number,
  outStride: number,
): void {
  const m = new Float64Array(n);
  for (let l = 0; l < lines; l++) {
    const from = l * line;
    if (order === 3) curvature(values, from, stride, n, m);
    for (let k = 0; k < at.length; k++) {
      const i = Math.min(n - 2, Math.max(0, Math.floor(at[k])));
      const t = at[k] - i;
      const s = 1 - t;
      const a = values[from + i * stride];
      const b = values[from + (i + 1) * stride];
      let v = s * a + t * b;
      if (order === 3) v += ((s * s * s - s) * m[i] + (t * t * t - t) * m[i + 1]) / 6;
      out[l * outLine + k * outStride] = v;
    }
  }
}
