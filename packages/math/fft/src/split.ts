import type { Forward } from "./plan.js";
import { powerOfTwo } from "./radix.js";

/** Columns that one pass of the odd transform works on; their scratch stays in the cache. */
const BLOCK = 16;

/**
 * Length m * p with m odd and p a power of two: m transforms of length p, twiddle factors, p sums of length m.
 * J. Cooley & J. Tukey, Math. Comput. 19, 297 (1965).
 */
export function split(m: number, p: number): Forward {
  const n = m * p;
  const fft = powerOfTwo(p);
  const half = (m - 1) >> 1;
  const cos = new Float64Array(half * half);
  const sin = new Float64Array(half * half);
  for (let k = 1; k <= half; k++)
    for (let a = 1; a <= half; a++) {
      const angle = (2 * Math.PI * ((a * k) % m)) / m;
      cos[(k - 1) * half + a - 1] = Math.cos(angle);
      sin[(k - 1) * half + a - 1] = Math.sin(angle);
    }
  const twiddle = new Float64Array(2 * n);
  for (let a = 0; a < m; a++)
    for (let k = 0; k < p; k++) {
      const angle = (2 * Math.PI * a * k) / n;
      twiddle[2 * (a * p + k)] = Math.cos(angle);
      twiddle[2 * (a * p + k) + 1] = Math.sin(angle);
    }
  const line = new Float64Array(2 * p);
  const spectrum = new Float64Array(2 * p);
  const parts = new Float64Array(2 * n);
  const scratch = new Float64Array(4 * half * BLOCK);
  return (out, input) => {
    for (let a = 0; a < m; a++) {
      gather(line, input, a, m);
      fft(spectrum, line);
      rotate(parts, spectrum, twiddle, 2 * a * p);
    }
    for (let k = 0; k < p; k += BLOCK) oddColumns(out, parts, scratch, cos, sin, m, p, k, Math.min(BLOCK, p - k));
  };
}

function gather(line: Float64Array, input: Float64Array, from: number, step: number): void {
  for (let j = 0, s = 2 * from; j < line.length; j += 2, s += 2 * step) {
    line[j] = input[s];
    line[j + 1] = input[s + 1];
  }
}

function rotate(out: Float64Array, a: Float64Array, w: Float64Array, at: number): void {
  for (let j = 0; j < a.length; j += 2) {
    const c = w[at + j];
    const s = w[at + j + 1];
    out[at + j] = a[j] * c + a[j + 1] * s;
    out[at + j + 1] = a[j + 1] * c - a[j] * s;
  }
}

/**
 * Sums of length m over the rows of `parts` for `count` neighbouring columns. Rows a and m - a share their factors, and so do
 * the results k and m - k: four real sums of (m - 1) / 2 terms make two results.
 */
function oddColumns(
  out: Float64Array,
  parts: Float64Array,
  scratch: Float64Array,
  cos: Float64Array,
  sin: Float64Array,
  m: number,
  p: number,
  column: number,
  count: number,
): void {
  const half = (m - 1) >> 1;
  for (let c = 0; c < count; c++) {
    const at = c * 4 * half;
    let re = parts[2 * (column + c)];
    let im = parts[2 * (column + c) + 1];
    for (let a = 1; a <= half; a++) {
      const u = 2 * (a * p + column + c);
      const v = 2 * ((m - a) * p + column + c);
      const sr = parts[u] + parts[v];
      const si = parts[u + 1] + parts[v + 1];
      const s = at + 4 * (a - 1);
      scratch[s] = sr;
      scratch[s + 1] = si;
      scratch[s + 2] = parts[u] - parts[v];
      scratch[s + 3] = parts[u + 1] - parts[v + 1];
      re += sr;
      im += si;
    }
    out[2 * (column + c)] = re;
    out[2 * (column + c) + 1] = im;
  }
  for (let k = 1; k <= half; k++) {
    const row = (k - 1) * half;
    const u = 2 * (k * p + column);
    const v = 2 * ((m - k) * p + column);
    for (let c = 0; c < count; c++) {
      const at = c * 4 * half;
      let er = parts[2 * (column + c)];
      let ei = parts[2 * (column + c) + 1];
      let or = 0;
      let oi = 0;
      for (let a = 0, s = at; a < half; a++, s += 4) {
        const x = cos[row + a];
        const y = sin[row + a];
        er += scratch[s] * x;
        ei += scratch[s + 1] * x;
        or += scratch[s + 3] * y;
        oi -= scratch[s + 2] * y;
      }
      out[u + 2 * c] = er + or;
      out[u + 2 * c + 1] = ei + oi;
      out[v + 2 * c] = er - or;
      out[v + 2 * c + 1] = ei - oi;
    }
  }
}
