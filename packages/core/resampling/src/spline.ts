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
 * @param put - takes one row of values after the other; the array is used again for the next
 */
export function interpolateGrid(
  coarse: Float64Array,
  mx: number,
  my: number,
  at: readonly [x: Float64Array, y: Float64Array],
  order: 1 | 3,
  put: (j: number, row: Float64Array) => void,
): void {
  const [xs, ys] = at;
  const nx = xs.length;
  // First along x for every coarse row, then along y.
  const rows = new Float64Array(my * nx);
  const bend = new Float64Array(Math.max(mx, my));
  for (let l = 0; l < my; l++) {
    if (order === 3) curvature(coarse, l * mx, 1, mx, bend);
    for (let i = 0; i < nx; i++) {
      const k = cell(xs[i], mx);
      const t = xs[i] - k;
      const s = 1 - t;
      const p = l * mx + k;
      let v = s * coarse[p] + t * coarse[p + 1];
      if (order === 3) v += ((s * s * s - s) * bend[k] + (t * t * t - t) * bend[k + 1]) / 6;
      rows[l * nx + i] = v;
    }
  }
  const bends = new Float64Array(order === 3 ? my * nx : 0);
  if (order === 3)
    for (let i = 0; i < nx; i++) {
      curvature(rows, i, nx, my, bend);
      for (let l = 0; l < my; l++) bends[l * nx + i] = bend[l];
    }
  const row = new Float64Array(nx);
  for (let j = 0; j < ys.length; j++) {
    const k = cell(ys[j], my);
    const t = ys[j] - k;
    const s = 1 - t;
    const [a, b] = [(s * s * s - s) / 6, (t * t * t - t) / 6];
    const p = k * nx;
    const q = p + nx;
    if (order === 3)
      for (let i = 0; i < nx; i++) row[i] = s * rows[p + i] + t * rows[q + i] + a * bends[p + i] + b * bends[q + i];
    else for (let i = 0; i < nx; i++) row[i] = s * rows[p + i] + t * rows[q + i];
    put(j, row);
  }
}

/** Cell of a position between n points. */
const cell = (at: number, n: number): number => Math.min(n - 2, Math.max(0, Math.floor(at)));
