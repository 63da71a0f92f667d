import { backSubstitute, type Factors, solveDamped } from "./qr.js";

const length = (x: Float64Array, scale: Float64Array): number =>
  Math.sqrt(x.reduce((sum, v, j) => sum + (v * scale[j]) ** 2, 0));

/** |S'^-1 P' D² x / |D x||²: how fast the length of the step falls with the damping. */
function fall(s: Float64Array, order: readonly number[], n: number, scale: Float64Array, x: Float64Array): number {
  const total = length(x, scale);
  const w = Float64Array.from({ length: n }, (_, j) => (scale[order[j]] * scale[order[j]] * x[order[j]]) / total);
  for (let j = 0; j < n; j++) {
    let sum = w[j];
    for (let i = 0; i < j; i++) sum -= s[i * n + j] * w[i];
    w[j] = sum / s[j * n + j];
  }
  return w.reduce((sum, v) => sum + v * v, 0);
}

/**
 * The damping for which the scaled step is as long as `bound`, to a tenth (Moré 1978, section 5); zero when the undamped
 * step is short enough.
 * @param start - first guess
 */
export function dampingFor(
  factors: Factors,
  n: number,
  scale: Float64Array,
  bound: number,
  start: number,
): { damping: number; move: Float64Array } {
  const { r, order, qtf } = factors;
  let move = backSubstitute(r, qtf, n, order);
  let excess = length(move, scale) - bound;
  if (excess <= 0.1 * bound) return { damping: 0, move };
  let singular = false;
  for (let j = 0; j < n; j++) if (r[j * n + j] === 0) singular = true;
  let low = singular ? 0 : excess / bound / fall(r, order, n, scale, move);
  let gradient = 0;
  for (let j = 0; j < n; j++) {
    let sum = 0;
    for (let i = 0; i <= j; i++) sum += r[i * n + j] * qtf[i];
    gradient += (sum / scale[order[j]]) ** 2;
  }
  gradient = Math.sqrt(gradient);
  let high = gradient / bound || Number.MIN_VALUE / Math.min(bound, 0.1);
  let damping = Math.min(Math.max(start, low), high) || gradient / length(move, scale);
  for (let iteration = 1; ; iteration++) {
    if (damping === 0) damping = Math.max(Number.MIN_VALUE, 0.001 * high);
    const root = Math.sqrt(damping);
    const solved = solveDamped(
      factors,
      n,
      scale.map((v) => v * root),
    );
    move = solved.x;
    const before = excess;
    excess = length(move, scale) - bound;
    const close = Math.abs(excess) <= 0.1 * bound;
    if (close || (low === 0 && excess <= before && before < 0) || iteration === 10) return { damping, move };
    const correction = excess / bound / fall(solved.s, order, n, scale, move);
    if (excess > 0) low = Math.max(low, damping);
    if (excess < 0) high = Math.min(high, damping);
    damping = Math.max(low, damping + correction);
  }
}
