import type { Points } from "./match.js";

export type FitGeometry = "shift" | "rshift" | "rscale" | "general";

/** A linear map: x' = a x + b y + shift[0], y' = c x + d y + shift[1]. */
export interface Linear {
  matrix: readonly [number, number, number, number];
  shift: readonly [number, number];
}

/** Fewest points of each geometry. */
export const FEWEST: Readonly<Record<FitGeometry, number>> = { shift: 1, rshift: 2, rscale: 2, general: 3 };

const mean = (v: Float64Array): number => v.reduce((a, b) => a + b, 0) / v.length;
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, i) => sum + v * b[i], 0);

/** Least-squares map of `from` to `to`; undefined when the points lie on a line and the geometry needs more. */
export function fitLinear(to: Points, from: Points, geometry: FitGeometry): Linear | undefined {
  const [xm, ym, um, vm] = [mean(to.x), mean(to.y), mean(from.x), mean(from.y)];
  const x = to.x.map((v) => v - xm);
  const y = to.y.map((v) => v - ym);
  const u = from.x.map((v) => v - um);
  const v = from.y.map((w) => w - vm);
  const [sxu, sxv, syu, syv] = [dot(x, u), dot(x, v), dot(y, u), dot(y, v)];
  let matrix: [number, number, number, number] = [1, 0, 0, 1];
  if (geometry === "general") {
    const [suu, suv, svv] = [dot(u, u), dot(u, v), dot(v, v)];
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
    const power = dot(u, u) + dot(v, v);
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
 * Fit in rounds: points whose residual is beyond `sigma` times the rms are left out of the next round; they may come back.
 * @returns undefined when no fit is possible
 */
export function fitClipped(
  to: Points,
  from: Points,
  geometry: FitGeometry,
  rounds: number,
  sigma: number,
): Linear | undefined {
  const n = to.x.length;
  const least = FEWEST[geometry];
  if (n < least) return undefined;
  let used = Array.from({ length: n }, (_, i) => i);
  const pick = (p: Points, indexes: number[]): Points => ({
    x: Float64Array.from(indexes, (i) => p.x[i]),
    y: Float64Array.from(indexes, (i) => p.y[i]),
  });
  let fit = fitLinear(to, from, geometry);
  for (let round = 0; fit && n > least && round < rounds; round++) {
    const current = fit;
    const residual = used.map((i) => {
      const [x, y] = apply(current, from.x[i], from.y[i]);
      return Math.hypot(to.x[i] - x, to.y[i] - y);
    });
    const limit = sigma * Math.sqrt(residual.reduce((sum, r) => sum + r * r, 0) / residual.length);
    const kept = used.filter((_, k) => residual[k] < limit);
    if (kept.length < least || kept.length === used.length) break;
    used = kept;
    fit = fitLinear(pick(to, used), pick(from, used), geometry);
  }
  return fit;
}
