const BINS = 2000;
const MOST_STEPS = 200;

/** Counts in equal bins between two limits; the last bin includes its upper edge. */
function histogram(values: ArrayLike<number>, low: number, high: number): Float64Array {
  const counts = new Float64Array(BINS);
  const step = (high - low) / BINS;
  const edge = (i: number): number => (i === BINS ? high : low + i * step);
  for (let k = 0; k < values.length; k++) {
    const v = values[k];
    if (!(v >= low && v <= high)) continue;
    let i = Math.min(BINS - 1, Math.floor(((v - low) / (high - low)) * BINS));
    if (v < edge(i)) i--;
    else if (i !== BINS - 1 && v >= edge(i + 1)) i++;
    counts[i]++;
  }
  return counts;
}

/** Solve a symmetric 3 x 3 system; undefined when it is singular. */
function solve3(m: readonly number[], b: readonly number[]): [number, number, number] | undefined {
  const [a, d, e, , f, g, , , h] = m;
  const A = f * h - g * g;
  const B = e * g - d * h;
  const C = d * g - e * f;
  const det = a * A + d * B + e * C;
  if (!(Math.abs(det) > 0)) return undefined;
  const D = a * h - e * e;
  const E = d * e - a * g;
  const F = a * f - d * d;
  return [
    (A * b[0] + B * b[1] + C * b[2]) / det,
    (B * b[0] + D * b[1] + E * b[2]) / det,
    (C * b[0] + E * b[1] + F * b[2]) / det,
  ];
}

/**
 * Fit a Gaussian to the histogram of values within four standard deviations of a centre (2000 bins), by least squares
 * (Levenberg and Marquardt) with the amplitude positive, the mean inside the histogram and the width below its own.
 * @returns undefined when the histogram is impossible or the fit does not settle
 */
export function fitGaussian(
  values: ArrayLike<number>,
  centre: number,
  sigma: number,
): { amplitude: number; mean: number; sigma: number } | undefined {
  const low = centre - 4 * sigma;
  const high = centre + 4 * sigma;
  if (!Number.isFinite(low) || !Number.isFinite(high) || low >= high) return undefined;
  const counts = histogram(values, low, high);
  const step = (high - low) / BINS;
  let top = 0;
  for (let i = 1; i < BINS; i++) if (counts[i] > counts[top]) top = i;
  const at = (i: number): number => low + (i + 0.5) * step;
  // In units of the starting width, so that the three parameters have like sizes.
  const widest = (at(BINS - 1) - at(0)) / sigma;
  const limit = (p: readonly number[]): number[] => [
    Math.max(p[0], 0),
    Math.min(Math.max(p[1], -4), 4),
    Math.min(Math.max(p[2], 1e-6), widest),
  ];
  const x = Float64Array.from({ length: BINS }, (_, i) => (at(i) - centre) / sigma);
  const cost = (p: readonly number[]): number => {
    let s = 0;
    for (let i = 0; i < BINS; i++) {
      const u = (x[i] - p[1]) / p[2];
      s += (p[0] * Math.exp(-0.5 * u * u) - counts[i]) ** 2;
    }
    return s;
  };
  let p = limit([counts[top], x[top], 1]);
  let best = cost(p);
  let damping = 1e-3;
  for (let k = 0; k < MOST_STEPS; k++) {
    const m = new Array<number>(9).fill(0);
    const b = [0, 0, 0];
    for (let i = 0; i < BINS; i++) {
      const u = (x[i] - p[1]) / p[2];
      const e = Math.exp(-0.5 * u * u);
      const j = [e, (p[0] * e * u) / p[2], (p[0] * e * u * u) / p[2]];
      const r = counts[i] - p[0] * e;
      for (let a = 0; a < 3; a++) {
        b[a] += j[a] * r;
        for (let c = 0; c < 3; c++) m[a * 3 + c] += j[a] * j[c];
      }
    }
    for (let a = 0; a < 3; a++) m[a * 4] *= 1 + damping;
    const d = solve3(m, b);
    if (d === undefined) return undefined;
    const next = limit(p.map((v, a) => v + d[a]));
    const value = cost(next);
    if (value <= best) {
      const settled = d.every((v, a) => Math.abs(v) <= 1e-11 * (Math.abs(p[a]) + 1e-3));
      p = next;
      best = value;
      damping /= 10;
      if (settled) return { amplitude: p[0], mean: centre + p[1] * sigma, sigma: p[2] * sigma };
    } else {
      damping *= 10;
      if (damping > 1e12) return { amplitude: p[0], mean: centre + p[1] * sigma, sigma: p[2] * sigma };
    }
  }
  return undefined;
}
