import { fma } from "./exact.js";

/**
 * Sine and cosine rounded as the C library of Linux rounds them on processors with fused multiply-add (glibc 2.36),
 * error up to 0.55 units in the last place: those of points 1/128 apart from a table, and short series for what is left of the
 * angle. Where operations round is part of the result: each `fma` and each plain operation below is one rounding there.
 */

const POINTS = 128;
/** Points: up to 0.8555, where the angle is taken from the nearest quarter turn instead. */
const TABLE = 110;
const PLACES = 192n;

/**
 * Sine and its rest, cosine and its rest of k / 128. A few of the rests of glibc are one place off in their last place; that is
 * far below where sums with them round.
 */
let table: Float64Array | undefined;

/** A number in units of 2^-PLACES as the sum of two doubles, each rounded to nearest. */
function split(value: bigint, out: Float64Array, at: number): void {
  const scale = 2 ** Number(PLACES);
  out[at] = Number(value) / scale;
  // A double below 1 with 53 places is a whole number of units as long as it is not tiny.
  out[at + 1] = Number(value - BigInt(out[at] * scale)) / scale;
}

/** The table, by turning a unit vector point by point in whole numbers. */
function points(): Float64Array {
  const out = new Float64Array(4 * TABLE);
  const one = 1n << PLACES;
  const step = [0n, 0n];
  // Term n of the series of the exponential of i / 128: even ones make the cosine, odd ones the sine, signs change every two.
  let term = one;
  for (let n = 0; term !== 0n; n++) {
    step[n & 1] += n & 2 ? -term : term;
    term /= BigInt(POINTS * (n + 1));
  }
  const [stepCosine, stepSine] = step;
  let sine = 0n;
  let cosine = one;
  for (let k = 0; k < TABLE; k++) {
    split(sine, out, 4 * k);
    split(cosine, out, 4 * k + 2);
    const next = (sine * stepCosine + cosine * stepSine) >> PLACES;
    cosine = (cosine * stepCosine - sine * stepSine) >> PLACES;
    sine = next;
  }
  return out;
}

/** Adding and taking away these rounds to a multiple of 1 / 128, and to a whole number. */
const TO_POINT = 1.5 * 2 ** 45;
const TO_WHOLE = 1.5 * 2 ** 52;

/** Below this |x| the sine is one series. */
const SMALL = 0.126;
/** Below the first |x| the angle is its own sine, below the second its cosine is 1. */
const TINY_SINE = 2 ** -26;
const TINY_COSINE = 2 ** -27;
/** Up to the first |x| sine and cosine are taken at x, up to the second at pi / 2 - |x|, beyond after taking away quarter turns. */
const NEAR_ZERO = 0.85546875;
const NEAR_QUARTER = 2.4262638092041016;

const HALF_PI = Math.PI / 2;
const HALF_PI_REST = 6.123233995736766e-17;
/** Pi / 2 in four parts, the first with few enough places that whole multiples are exact. */
const QUARTER = [1.5707963407039642, -1.3909067564377153e-8, -4.97899623147991e-17, -1.9034889620193266e-25];

/** Sine of x + rest, |x| < 0.126: coefficients near those of Taylor. */
function seriesSine(x: number, rest: number): number {
  const square = x * x;
  let p = fma(square, -2.5022014848318398e-8, 2.755729806860771e-6);
  p = fma(square, p, -1.9841269834414642e-4);
  p = fma(square, p, 8.333333333332329e-3);
  p = fma(square, p, -0.16666666666666666);
  return x + fma(square, fma(p, x, -0.5 * rest), rest);
}

/** sin(d) / d = 1 + d^2 times this, and 1 - cos(d) = d^2 times this, to working precision for |d| < 1 / 256. */
const lessSine = (square: number): number => fma(square, 8.333332142857223e-3, -0.16666666666666488);
const lessCosine = (square: number): number =>
  fma(square, fma(square, 1.388888740079376e-3, -0.04166666666666644), 0.5);

/** Sine of x + rest, |x| up to somewhat more than pi / 4. */
function sine(x: number, rest: number): number {
  const size = Math.abs(x);
  if (size < SMALL) return seriesSine(x, rest);
  table ??= points();
  const r = x > 0 ? rest : -rest;
  const point = size + TO_POINT - TO_POINT;
  const d = size - point;
  const square = d * d;
  const s = d + fma(d * square, lessSine(square), r);
  const c = fma(r, d, square * lessCosine(square));
  const k = 4 * POINTS * point;
  const tail = fma(s, table[k + 2], fma(-c, table[k], fma(s, table[k + 3], table[k + 1])));
  const value = table[k] + tail;
  return x < 0 ? -value : value;
}

/** Cosine of x + rest, |x| up to somewhat more than pi / 4. */
function cosine(x: number, rest: number): number {
  table ??= points();
  const size = Math.abs(x);
  const point = size + TO_POINT - TO_POINT;
  const d = size - point + (x < 0 ? -rest : rest);
  const square = d * d;
  const s = fma(d * square, lessSine(square), d);
  const c = square * lessCosine(square);
  const k = 4 * POINTS * point;
  return table[k + 2] + fma(-s, table[k], fma(-c, table[k + 2], fma(-s, table[k + 1], table[k + 3])));
}

/** Sine, or cosine for `ahead` 1, of an angle beyond 2.4. */
function turned(angle: number, ahead: number): number {
  const n = fma(angle, 2 / Math.PI, TO_WHOLE) - TO_WHOLE;
  const y = fma(-n, QUARTER[1], fma(-n, QUARTER[0], angle));
  const first = fma(-n, QUARTER[2], y);
  const x = fma(-n, QUARTER[3], first);
  const rest = fma(-n, QUARTER[2], y - first) + fma(-n, QUARTER[3], first - x);
  const quadrant = n + ahead;
  const value = quadrant & 1 ? cosine(x, rest) : sine(x, rest);
  return quadrant & 2 ? -value : value;
}

/**
 * Sine and cosine, bit for bit those of glibc (and so of Python and numpy on Linux).
 * @param angle - [radian]; from -1e8 to 1e8
 */
export function sinCos(angle: number): { sin: number; cos: number } {
  const size = Math.abs(angle);
  if (size < NEAR_ZERO)
    return {
      sin: size < TINY_SINE ? angle : sine(angle, 0),
      cos: size < TINY_COSINE ? 1 : cosine(angle, 0),
    };
  if (size >= NEAR_QUARTER) return { sin: turned(angle, 0), cos: turned(angle, 1) };
  const t = HALF_PI - size;
  const s = cosine(t, HALF_PI_REST);
  const x = t + HALF_PI_REST;
  return { sin: angle < 0 ? -s : s, cos: sine(x, t - x + HALF_PI_REST) };
}
