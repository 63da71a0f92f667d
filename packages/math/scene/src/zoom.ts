import { allocate } from "@calwebb/array";
import { rowWriter } from "./zoom-row.js";

/** Pole of the cubic B-spline. */
const POLE = Math.sqrt(3) - 2;

/** Index of a sample mirrored at the outer edges of the first and last one. */
function mirror(i: number, n: number): number {
  const period = 2 * n;
  const k = ((i % period) + period) % period;
  return k < n ? k : period - 1 - k;
}

/** Coefficients of the cubic spline through n samples that repeat mirrored, in place. M. Unser, IEEE Sig. Proc. Mag. 16, 22 (1999). */
function prefilter(line: Float64Array): void {
  const n = line.length;
  if (n === 1) return;
  const gain = (1 - POLE) * (1 - 1 / POLE);
  for (let i = 0; i < n; i++) line[i] *= gain;
  // The sum over all mirrored samples of pole^k. As in scipy the term of the first sample's last mirror image takes the
  // partial sum for the sample, which matters for very short lines.
  const original = line[0];
  const far = POLE ** n;
  let power = POLE;
  line[0] += far * line[n - 1];
  for (let i = 1; i < n; i++) {
    line[0] += power * (line[i] + far * line[n - 1 - i]);
    power *= POLE;
  }
  line[0] = (line[0] * POLE) / (1 - far * far) + original;
  for (let i = 1; i < n; i++) line[i] += POLE * line[i - 1];
  line[n - 1] *= POLE / (POLE - 1);
  for (let i = n - 2; i >= 0; i--) line[i] = POLE * (line[i + 1] - line[i]);
}

/** For each output sample the first of four coefficients and their weights. */
function taps(_n: number, factor: number, length: number): { start: Int32Array; weight: Float64Array } {
  const start = new Int32Array(length);
  const weight = new Float64Array(4 * length);
  for (let i = 0; i < length; i++) {
    const at = (i + 0.5) / factor - 0.5;
    const base = Math.floor(at);
    const t = at - base;
    start[i] = base - 1;
    weight[4 * i] = (1 - t) ** 3 / 6;
    weight[4 * i + 1] = (4 - 6 * t * t + 3 * t ** 3) / 6;
    weight[4 * i + 2] = (4 - 6 * (1 - t) ** 2 + 3 * (1 - t) ** 3) / 6;
    weight[4 * i + 3] = t ** 3 / 6;
  }
  return { start, weight };
}

/**
 * Enlarge a mesh by whole factors with cubic splines; mesh values are those at the centres of their boxes.
 * @param mesh - (my, mx)
 * @param ny, nx - size of the result, at most my * fy and mx * fx
 * @param out - receives the result
 * @returns float32, between the least and the largest mesh value
 */
export function zoomSpline(
  mesh: Float32Array,
  my: number,
  mx: number,
  fy: number,
  fx: number,
  ny: number,
  nx: number,
  out: Float32Array = allocate("float32", ny * nx),
): Float32Array {
  let least = mesh[0];
  let most = mesh[0];
  for (const v of mesh) {
    if (v < least) least = v;
    if (v > most) most = v;
  }
  if (least === most) return out.fill(least);
  const c = Float64Array.from(mesh);
  const column = new Float64Array(my);
  for (let x = 0; x < mx; x++) {
    for (let y = 0; y < my; y++) column[y] = c[y * mx + x];
    prefilter(column);
    for (let y = 0; y < my; y++) c[y * mx + x] = column[y];
  }
  for (let y = 0; y < my; y++) prefilter(c.subarray(y * mx, (y + 1) * mx));
  const down = taps(my, fy, ny);
  const across = taps(mx, fx, nx);
  const columns = Int32Array.from({ length: 4 * nx }, (_, i) => mirror(across.start[i >> 2] + (i & 3), mx));
  const row = new Float64Array(mx);
  const put = rowWriter(nx, across.weight, columns, least, most);
  for (let y = 0; y < ny; y++) {
    row.fill(0);
    for (let k = 0; k < 4; k++) {
      const from = mirror(down.start[y] + k, my) * mx;
      const w = down.weight[4 * y + k];
      for (let x = 0; x < mx; x++) row[x] += w * c[from + x];
    }
    put(row, out, y * nx);
  }
  return out;
}
