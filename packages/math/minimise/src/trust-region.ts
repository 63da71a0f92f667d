import type { SingularValues } from "@calwebb/linalg";

/** Vectors have as many elements as there are parameters. */
export type Vector = Float64Array;

export const dot = (a: Vector, b: Vector): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
};

export const norm = (a: Vector): number => Math.sqrt(dot(a, a));

/** A quadratic q(s) = s'(J'J + C)s / 2 + g's, C diagonal. */
export class Quadratic {
  readonly #jacobian: Float64Array;
  readonly #diagonal: Vector;
  readonly #gradient: Vector;

  /** @param jacobian - [m][n], row-major */
  constructor(jacobian: Float64Array, diagonal: Vector, gradient: Vector) {
    this.#jacobian = jacobian;
    this.#diagonal = diagonal;
    this.#gradient = gradient;
  }

  #inner(a: Vector, b: Vector): number {
    const n = a.length;
    let sum = 0;
    for (let row = 0; row < this.#jacobian.length; row += n) {
      let p = 0;
      let q = 0;
      for (let k = 0; k < n; k++) {
        p += this.#jacobian[row + k] * a[k];
        q += this.#jacobian[row + k] * b[k];
      }
      sum += p * q;
    }
    for (let k = 0; k < n; k++) sum += a[k] * this.#diagonal[k] * b[k];
    return sum;
  }

  at(s: Vector): number {
    return 0.5 * this.#inner(s, s) + dot(this.#gradient, s);
  }

  /** Smallest value along origin + t direction for t in [low, high], and its t. */
  along(origin: Vector, direction: Vector, low: number, high: number): { t: number; value: number } {
    const a = 0.5 * this.#inner(direction, direction);
    const b = dot(this.#gradient, direction) + this.#inner(origin, direction);
    const c = this.at(origin);
    const value = (t: number): number => t * (a * t + b) + c;
    const inside = -0.5 * (b / a);
    let best = { t: low, value: value(low) };
    for (const t of [high, ...(a !== 0 && inside > low && inside < high ? [inside] : [])])
      if (value(t) < best.value) best = { t, value: value(t) };
    return best;
  }
}

/** Farther of the two distances from x along s at which the length is `radius`. */
export function toSphere(x: Vector, s: Vector, radius: number): number {
  const a = dot(s, s);
  const b = dot(x, s);
  const c = Math.min(0, dot(x, x) - radius * radius);
  const q = -(b + (b < 0 ? -1 : 1) * Math.sqrt(b * b - a * c));
  return q === 0 ? 0 : Math.max(q / a, c / q);
}

const MOST_ROOT_STEPS = 10;
const ROOT_PRECISION = 0.01;

/**
 * The p that makes |J p + f| least among those not longer than `radius`: the Gauss-Newton step, or where that is too long the step
 * with a damping alpha that makes it as long (Moré, Lecture Notes in Mathematics 630, 105, 1977).
 * @param svd - of J, m rows
 * @param uf - U'f
 * @param guess - of alpha
 */
export function dampedStep(
  svd: SingularValues,
  uf: Vector,
  m: number,
  radius: number,
  guess: number,
): [Vector, number] {
  const { s, v } = svd;
  const n = s.length;
  const along = (weight: (k: number) => number): Vector => {
    const p = new Float64Array(n);
    for (let k = 0; k < n; k++) {
      const w = weight(k);
      for (let i = 0; i < n; i++) p[i] -= v[i * n + k] * w;
    }
    return p;
  };
  const full = s[n - 1] > Number.EPSILON * m * s[0];
  if (full) {
    const p = along((k) => uf[k] / s[k]);
    if (norm(p) <= radius) return [p, 0];
  }
  const suf = uf.map((u, k) => u * s[k]);
  /** By how much the step is too long, and the derivative of that. */
  const excess = (alpha: number): [number, number] => {
    const length = norm(suf.map((w, k) => w / (s[k] * s[k] + alpha)));
    let slope = 0;
    for (let k = 0; k < n; k++) slope -= suf[k] ** 2 / (s[k] * s[k] + alpha) ** 3;
    return [length - radius, slope / length];
  };
  let high = norm(suf) / radius;
  let low = 0;
  if (full) {
    const [phi, slope] = excess(0);
    low = -phi / slope;
  }
  const between = (): number => Math.max(0.001 * high, Math.sqrt(low * high));
  let alpha = !full && guess === 0 ? between() : guess;
  for (let i = 0; i < MOST_ROOT_STEPS; i++) {
    if (alpha < low || alpha > high) alpha = between();
    const [phi, slope] = excess(alpha);
    if (phi < 0) high = alpha;
    low = Math.max(low, alpha - phi / slope);
    alpha -= ((phi + radius) * (phi / slope)) / radius;
    if (Math.abs(phi) < ROOT_PRECISION * radius) break;
  }
  const p = along((k) => suf[k] / (s[k] * s[k] + alpha));
  const stretch = radius / norm(p);
  return [p.map((w) => w * stretch), alpha];
}
