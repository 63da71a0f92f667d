import type { Points } from "./match.js";

export type FitGeometry = "shift" | "rshift" | "rscale" | "general";

/** A linear map: x' = a x + b y + shift[0], y' = c x + d y + shift[1]. */
export interface Linear {
  matrix: readonly [number, number, number, number];
  shift: readonly [number, number];
}

/** Fewest points of each geometry. */
export const FEWEST: Readonly<Record<FitGeometry, number>> = { shift: 1, rshift: 2, rscale: 2, general: 3 };

/** Sum of products, each with its weight. */
function dot(a: Float64Array, b: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  if (weights) for (let i = 0; i < a.length; i++) sum += weights[i] * (a[i] * b[i]);
  else for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function mean(v: Float64Array, weights?: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < v.length; i++) {
    const w = weights ? weights[i] : 1;
    sum += w * v[i];
    total += w;
  }
  return sum / total;
}

/** Weights of pairs: 1 / w = 1 / a + 1 / b, where both have one. */
export function pairWeights(a: Float64Array | undefined, b: Float64Array | undefined): Float64Array | undefined {
  if (!a || !b) return a ?? b;
  return a.map((v, i) => (v > 0 && b[i] > 0 ? (v * b[i]) / (v + b[i]) : 0));
}

/**
 * Least-squares map of `from` to `to`; undefined when the points lie on a line and the geometry needs more.
 * @param weights - of the pairs, positive; without them all count the same
 */
export function fitLinear(to: Points, from: Points, geometry: FitGeometry, weights?: Float64Array): Linear | undefined {
  const [xm, ym, um, vm] = [to.x, to.y, from.x, from.y].map((v) => mean(v, weights));
  const x = to.x.map((v) => v - xm);
  const y = to.y.map((v) => v - ym);
  const u = from.x.map((v) => v - um);
  const v = from.y.map((w) => w - vm);
  const [sxu, sxv, syu, syv] = [dot(x, u, weights), dot(x, v, weights), dot(y, u, weights), dot(y, v, weights)];
  let matrix: [number, number, number, number] = [1, 0, 0, 1];
  if (geometry === "general") {
    const [suu, suv, svv] = [dot(u, u, weights), dot(u, v, weights), dot(v, v, weights)];
    const det = suu * svv - suv * suv;
    if (!(Math.abs(det) > 0)) return undefined;
    matrix = [
      (sxu * svv - sxv * suv) / det,
      (sxv * suu - sxu * suv) / det,
      (syu * svv - syv * suv) / det,
      (syv * suu - syu * suv) / det,
    ];
  } else if (geometry !== "shift") {
    const mirrored = sxu * syv - sxv * syu < 0;
    const sine = mirrored ? sxv + syu : sxv - syu;
    const cosine = mirrored ? sxu - syv : sxu + syv;
    const length = Math.hypot(sine, cosine);
    const power = dot(u, u, weights) + dot(v, v, weights);
    if (geometry === "rscale" && !(power > 0)) return undefined;
    const scale = geometry === "rshift" ? 1 : length / power;
    const c = length > 0 ? (scale * cosine) / length : scale;
    const s = length > 0 ? (scale * sine) / length : 0;
    matrix = mirrored ? [c, s, s, -c] : [c, s, -s, c];
  }
  const [a, b, c, d] = matrix;
  return { matrix, shift: [xm - a * um - b * vm, ym - c * um - d * vm] };
}

/** Where a map takes a point. */
export function apply({ matrix: [a, b, c, d], shift }: Linear, x: number, y: number): [number, number] {
  return [a * x + b * y + shift[0], c * x + d * y + shift[1]];
}

/**
 * Fit in rounds: points of the last round whose residual is beyond `sigma` times its rms are left out of the next one; those that were left
 * out of the last come back.
 * @param weights - of the pairs; those that are not positive are never used
 * @returns undefined when no fit is possible
 */
export function fitClipped(
  to: Points,
  from: Points,
  geometry: FitGeometry,
  rounds: number,
  sigma: number,
  weights?: Float64Array,
): Linear | undefined {
  const all = Array.from(to.x, (_, i) => i).filter((i) => weights === undefined || weights[i] > 0);
  const least = FEWEST[geometry];
  if (all.length < least) return undefined;
  const pick = (v: Float64Array, indexes: number[]): Float64Array => Float64Array.from(indexes, (i) => v[i]);
  const points = (p: Points, indexes: number[]): Points => ({ x: pick(p.x, indexes), y: pick(p.y, indexes) });
  const fitOf = (used: number[]): Linear | undefined =>
    fitLinear(points(to, used), points(from, used), geometry, weights && pick(weights, used));
  let used = all;
  let fit = fitOf(used);
  for (let round = 0; fit && all.length > least && round < rounds; round++) {
    const current = fit;
    const residual = Float64Array.from(used, (i) => {
      const [x, y] = apply(current, from.x[i], from.y[i]);
      return Math.hypot(to.x[i] - x, to.y[i] - y);
    });
    const limit =
      sigma *
      Math.sqrt(
        mean(
          residual.map((r) => r * r),
          weights && pick(weights, used),
        ),
      );
    const clipped = new Set(used.filter((_, k) => !(residual[k] < limit)));
    if (used.length - clipped.size < least || clipped.size === 0) break;
    used = all.filter((i) => !clipped.has(i));
    fit = fitOf(used);
  }
  return fit;
}
