import { bluestein } from "./bluestein.js";
import { direct } from "./direct.js";
import { powerOfTwo } from "./radix.js";
import { split } from "./split.js";

/**
 * A complex transform of one length. Arrays hold real and imaginary parts in turn and have `2 * n` elements; `out` and
 * `input` must be different arrays. A plan owns scratch memory: one plan must not be used by two callers at the same time.
 */
export interface FftPlan {
  readonly n: number;
  /** X[k] = sum over j of x[j] e^(-2πi jk/n) */
  forward(out: Float64Array, input: Float64Array): void;
  /** x[j] = 1/n sum over k of X[k] e^(+2πi jk/n) */
  inverse(out: Float64Array, input: Float64Array): void;
}

/** What the algorithms provide: the forward transform. */
export type Forward = (out: Float64Array, input: Float64Array) => void;

/** Odd factors up to this are summed directly beside the power of two. */
const LARGEST_DIRECT = 128;

/** The forward transform of a length with the algorithm that suits it. */
export function forwardOf(n: number): Forward {
  const odd = oddPart(n);
  if (odd === 1) return powerOfTwo(n);
  if (odd === n && n <= 32) return direct(n);
  if (odd <= LARGEST_DIRECT && n / odd >= 4) return split(odd, n / odd);
  return bluestein(n);
}

function oddPart(n: number): number {
  let m = n;
  while (m % 2 === 0) m /= 2;
  return m;
}

/**
 * Plan transforms of length n.
 * @throws {RangeError} when n is not a positive integer
 */
export function fftPlan(n: number): FftPlan {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new RangeError(`cannot transform ${n} points; wanted a positive integer`);
  const forward = forwardOf(n);
  return {
    n,
    forward,
    inverse(out, input) {
      forward(out, input);
      reverse(out, n);
    },
  };
}

/** Turn a forward transform into an inverse one: element k becomes element n - k, over n. */
function reverse(a: Float64Array, n: number): void {
  const s = 1 / n;
  a[0] *= s;
  a[1] *= s;
  for (let i = 1, j = n - 1; i <= j; i++, j--) {
    const re = a[2 * i] * s;
    const im = a[2 * i + 1] * s;
    a[2 * i] = a[2 * j] * s;
    a[2 * i + 1] = a[2 * j + 1] * s;
    a[2 * j] = re;
    a[2 * j + 1] = im;
  }
}
