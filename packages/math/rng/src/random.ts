/** A stream of random numbers; the same seed gives the same stream on every platform. */
export interface Random {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, n). */
  integer(n: number): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** Poisson with the given mean (0 for a mean that is not positive). */
  poisson(mean: number): number;
  /** An independent stream; streams of different numbers do not overlap in practice. */
  fork(stream: number): Random;
}

/** ln(k!) for k >= 10: Stirling's series, error below 1e-10. */
function logFactorial(k: number): number {
  const x = k + 1;
  const inverse = 1 / (x * x);
  return (x - 0.5) * Math.log(x) - x + 0.9189385332046727 + (1 / 12 - inverse * (1 / 360 - inverse / 1260)) / x;
}

const LOG_FACTORIAL: Float64Array = Float64Array.from({ length: 10 }, (_, k) => {
  let sum = 0;
  for (let i = 2; i <= k; i++) sum += Math.log(i);
  return sum;
});

const logFactorialOf = (k: number): number => (k < 10 ? LOG_FACTORIAL[k] : logFactorial(k));

/** splitmix32, to spread a seed over the state. */
function spread(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
}

/**
 * xoshiro128** (Blackman & Vigna 2021); normals by the polar method (Marsaglia & Bray 1964); Poisson by multiplication
 * below a mean of 10 and by transformed rejection above (Hörmann 1993, PTRS).
 * @param seed - any integer
 */
export function random(seed: number): Random {
  const next = spread(seed);
  let a = next();
  let b = next();
  let c = next();
  let d = next() | 1;
  let spare = Number.NaN;

  const word = (): number => {
    const r = Math.imul(b, 5);
    const result = Math.imul((r << 7) | (r >>> 25), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => ((word() >>> 5) * 67108864 + (word() >>> 6)) / 9007199254740992;

  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      spare = v * factor;
      return u * factor;
    }
  };

  const poisson = (mean: number): number => {
    if (!(mean > 0)) return 0;
    if (mean < 10) {
      const limit = Math.exp(-mean);
      let k = 0;
      for (let p = uniform(); p > limit; p *= uniform()) k++;
      return k;
    }
    const slope = 0.931 + 2.53 * Math.sqrt(mean);
    const shift = -0.059 + 0.02483 * slope;
    const inverseAlpha = 1.1239 + 1.1328 / (slope - 3.4);
    const accept = 0.9277 - 3.6224 / (slope - 2);
    const logMean = Math.log(mean);
    for (;;) {
      const u = uniform() - 0.5;
      const v = uniform();
      const us = 0.5 - Math.abs(u);
      const k = Math.floor(((2 * shift) / us) * u + slope * u + mean + 0.43);
      if (us >= 0.07 && v <= accept) return k;
      if (k < 0 || (us < 0.013 && v > us)) continue;
      if (Math.log((v * inverseAlpha) / (shift / (us * us) + slope)) <= k * logMean - mean - logFactorialOf(k))
        return k;
    }
  };

  return {
    uniform,
    integer: (n) => Math.floor(uniform() * n),
    normal,
    poisson,
    fork: (stream) => random(Math.imul(seed | 0, 0x85ebca6b) ^ Math.imul(stream + 1, 0xc2b2ae35)),
  };
}
