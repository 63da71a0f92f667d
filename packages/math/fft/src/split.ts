import { BLOCK, type OddSums, oddSums } from "./odd-sums.js";
import type { Forward } from "./plan.js";
import { powerOfTwo } from "./radix.js";

/**
 * Length m * p with m odd and p a power of two: m transforms of length p, twiddle factors, p sums of length m.
 * J. Cooley & J. Tukey, Math. Comput. 19, 297 (1965).
 * @param plain - without WASM
 */
export function split(m: number, p: number, plain = false): Forward {
  const n = m * p;
  const fft = powerOfTwo(p);
  const sums = oddSums(m, plain);
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
  return (out, input) => {
    for (let a = 0; a < m; a++) {
      gather(line, input, a, m);
      fft(spectrum, line);
      rotate(parts, spectrum, twiddle, 2 * a * p);
    }
    for (let k = 0; k < p; k += BLOCK) oddColumns(out, parts, sums, m, p, k, Math.min(BLOCK, p - k));
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
  sums: OddSums,
  m: number,
  p: number,
  column: number,
  count: number,
): void {
  const half = (m - 1) >> 1;
  const { scratch } = sums;
  for (let c = 0; c < 2 * count; c++) out[2 * column + c] = parts[2 * column + c];
  for (let a = 1; a <= half; a++)
    for (let c = 0; c < count; c++) {
      const u = 2 * (a * p + column + c);
      const v = 2 * ((m - a) * p + column + c);
      const s = 4 * ((a - 1) * BLOCK + c);
      const re = parts[u] + parts[v];
      const im = parts[u + 1] + parts[v + 1];
      scratch[s] = re;
      scratch[s + 1] = im;
      scratch[s + 2] = parts[u + 1] - parts[v + 1];
      scratch[s + 3] = parts[v] - parts[u];
      out[2 * (column + c)] += re;
      out[2 * (column + c) + 1] += im;
    }
  sums.run();
  const result = sums.out;
  for (let k = 1; k <= half; k++)
    for (let c = 0; c < count; c++) {
      const q = 4 * ((k - 1) * BLOCK + c);
      const u = 2 * (k * p + column + c);
      const v = 2 * ((m - k) * p + column + c);
      const er = parts[2 * (column + c)] + result[q];
      const ei = parts[2 * (column + c) + 1] + result[q + 1];
      out[u] = er + result[q + 2];
      out[u + 1] = ei + result[q + 3];
      out[v] = er - result[q + 2];
      out[v + 1] = ei - result[q + 3];
    }
}
