import { fftPlan } from "./plan.js";

/** Transforms of real arrays of one length n; spectra hold n/2 + 1 complex numbers, real and imaginary parts in turn. */
export interface RealFftPlan {
  readonly n: number;
  /** Complex elements of a spectrum: floor(n / 2) + 1. */
  readonly bins: number;
  /** @param out - 2 * bins elements; @param input - n elements */
  forward(out: Float64Array, input: ArrayLike<number>): void;
  /** @param out - n elements; @param input - 2 * bins elements; the imaginary parts of bin 0 and n/2 do not count */
  inverse(out: Float64Array, input: Float64Array): void;
}

/**
 * Plan transforms of real arrays. Even lengths need a complex transform of half the length only.
 * @throws {RangeError} when n is not a positive integer
 */
export function realFftPlan(n: number): RealFftPlan {
  return n % 2 === 0 && n > 0 ? evenPlan(n) : oddPlan(n);
}

function oddPlan(n: number): RealFftPlan {
  const plan = fftPlan(n);
  const bins = (n + 1) / 2;
  const a = new Float64Array(2 * n);
  const b = new Float64Array(2 * n);
  return {
    n,
    bins,
    forward(out, input) {
      for (let i = 0; i < n; i++) {
        a[2 * i] = input[i];
        a[2 * i + 1] = 0;
      }
      plan.forward(b, a);
      out.set(b.subarray(0, 2 * bins));
    },
    inverse(out, input) {
      a[0] = input[0];
      a[1] = 0;
      for (let k = 1; k < bins; k++) {
        a[2 * k] = a[2 * (n - k)] = input[2 * k];
        a[2 * k + 1] = input[2 * k + 1];
        a[2 * (n - k) + 1] = -input[2 * k + 1];
      }
      plan.inverse(b, a);
      for (let i = 0; i < n; i++) out[i] = b[2 * i];
    },
  };
}

function evenPlan(n: number): RealFftPlan {
  const h = n / 2;
  const plan = fftPlan(h);
  const cos = new Float64Array(h + 1);
  const sin = new Float64Array(h + 1);
  for (let k = 0; k <= h; k++) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = Math.sin((2 * Math.PI * k) / n);
  }
  const a = new Float64Array(n);
  const b = new Float64Array(n);
  return {
    n,
    bins: h + 1,
    forward(out, input) {
      for (let i = 0; i < n; i++) a[i] = input[i];
      plan.forward(b, a);
      unpack(out, b, cos, sin, h);
    },
    inverse(out, input) {
      pack(a, input, cos, sin, h);
      plan.inverse(b, a);
      out.set(b.subarray(0, n));
    },
  };
}

/** Spectrum of a real array from the transform of its even and odd elements taken as real and imaginary parts. */
function unpack(out: Float64Array, z: Float64Array, cos: Float64Array, sin: Float64Array, h: number): void {
  for (let k = 0; k <= h; k++) {
    const u = 2 * (k === h ? 0 : k);
    const v = 2 * (k === 0 ? 0 : h - k);
    const er = 0.5 * (z[u] + z[v]);
    const ei = 0.5 * (z[u + 1] - z[v + 1]);
    const or = 0.5 * (z[u + 1] + z[v + 1]);
    const oi = 0.5 * (z[v] - z[u]);
    out[2 * k] = er + or * cos[k] + oi * sin[k];
    out[2 * k + 1] = ei + oi * cos[k] - or * sin[k];
  }
}

function pack(z: Float64Array, x: Float64Array, cos: Float64Array, sin: Float64Array, h: number): void {
  for (let k = 0; k < h; k++) {
    const u = 2 * k;
    const v = 2 * (h - k);
    const ui = k === 0 ? 0 : x[u + 1];
    const vi = k === 0 ? 0 : x[v + 1];
    const er = 0.5 * (x[u] + x[v]);
    const ei = 0.5 * (ui - vi);
    const dr = 0.5 * (x[u] - x[v]);
    const di = 0.5 * (ui + vi);
    const or = dr * cos[k] - di * sin[k];
    const oi = di * cos[k] + dr * sin[k];
    z[2 * k] = er - oi;
    z[2 * k + 1] = ei + or;
  }
}
