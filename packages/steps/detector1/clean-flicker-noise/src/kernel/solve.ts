/**
 * Solve a complex linear system by elimination with pivots, in place.
 * @param re, im - matrix of n * n; overwritten
 * @param bre, bim - right-hand side; becomes the solution
 * @returns false when the matrix is singular
 */
export function solveComplex(
  re: Float64Array,
  im: Float64Array,
  bre: Float64Array,
  bim: Float64Array,
  n: number,
): boolean {
  for (let c = 0; c < n; c++) {
    let pivot = c;
    let best = -1;
    for (let r = c; r < n; r++) {
      const size = Math.hypot(re[r * n + c], im[r * n + c]);
      if (size > best) {
        best = size;
        pivot = r;
      }
    }
    if (!(best > 0)) return false;
    if (pivot !== c) swapRows(re, im, bre, bim, n, c, pivot);
    const pr = re[c * n + c];
    const pi = im[c * n + c];
    const norm = pr * pr + pi * pi;
    for (let r = c + 1; r < n; r++) {
      const ar = re[r * n + c];
      const ai = im[r * n + c];
      if (ar === 0 && ai === 0) continue;
      const fr = (ar * pr + ai * pi) / norm;
      const fi = (ai * pr - ar * pi) / norm;
      for (let k = c; k < n; k++) {
        const xr = re[c * n + k];
        const xi = im[c * n + k];
        re[r * n + k] -= fr * xr - fi * xi;
        im[r * n + k] -= fr * xi + fi * xr;
      }
      const xr = bre[c];
      const xi = bim[c];
      bre[r] -= fr * xr - fi * xi;
      bim[r] -= fr * xi + fi * xr;
    }
  }
  for (let r = n - 1; r >= 0; r--) {
    let sr = bre[r];
    let si = bim[r];
    for (let k = r + 1; k < n; k++) {
      sr -= re[r * n + k] * bre[k] - im[r * n + k] * bim[k];
      si -= re[r * n + k] * bim[k] + im[r * n + k] * bre[k];
    }
    const pr = re[r * n + r];
    const pi = im[r * n + r];
    const norm = pr * pr + pi * pi;
    bre[r] = (sr * pr + si * pi) / norm;
    bim[r] = (si * pr - sr * pi) / norm;
  }
  return true;
}

function swapRows(
  re: Float64Array,
  im: Float64Array,
  bre: Float64Array,
  bim: Float64Array,
  n: number,
  a: number,
  b: number,
): void {
  for (let k = 0; k < n; k++) {
    const r = re[a * n + k];
    re[a * n + k] = re[b * n + k];
    re[b * n + k] = r;
    const i = im[a * n + k];
    im[a * n + k] = im[b * n + k];
    im[b * n + k] = i;
  }
  const r = bre[a];
  bre[a] = bre[b];
  bre[b] = r;
  const i = bim[a];
  bim[a] = bim[b];
  bim[b] = i;
}
