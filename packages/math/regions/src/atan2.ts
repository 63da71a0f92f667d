import { ARCTANGENTS } from "./arctangents.js";
import { fma } from "./exact.js";

/** Pi and half of it, and what they are short of. */
const PI_REST = 1.2246467991473532e-16;
const HALF = Math.PI / 2;
const HALF_REST = PI_REST / 2;

/** Below this ratio the arctangent is a series. */
const SMALL = 1 / 16;
/** Beyond these sizes rests of products may be lost. */
const LEAST = 2 ** -500;
const MOST = 2 ** 500;

/** (atan(u) - u) / u^3 for u^2 < 1 / 256: coefficients near those of Taylor. */
function series(square: number): number {
  let p = fma(square, 0.07601836584380736, -0.09090424391727987);
  p = fma(square, p, 0.11111109821886427);
  p = fma(square, p, -0.14285714283953163);
  p = fma(square, p, 0.19999999999998855);
  return fma(square, p, -0.3333333333333333);
}

/** Arctangent of u + rest, 0 < u < 1. */
function plain(u: number, rest: number): number {
  const square = u * u;
  if (u < SMALL) return u + fma(u * square, series(square), rest);
  const k = nearest(u);
  const t = u - ARCTANGENTS[k];
  const v = t + rest;
  const vRest = Math.abs(t) > Math.abs(rest) ? t - v + rest : rest - v + t;
  const slope = ARCTANGENTS[k + 2];
  return ARCTANGENTS[k + 1] + fma(v, slope, fma(vRest, slope, v * v * curve(k, v)));
}

/** Where the numbers of the point nearest to u begin. */
function nearest(u: number): number {
  return 7 * (256 * u + 2 ** 52 - 2 ** 52 - 16);
}

/** What the terms from the second power on are, without v^2. */
function curve(k: number, v: number): number {
  const p = fma(fma(ARCTANGENTS[k + 6], v, ARCTANGENTS[k + 5]), v, ARCTANGENTS[k + 4]);
  return fma(p, v, ARCTANGENTS[k + 3]);
}

/** from + fromRest plus (sign 1) or minus (sign -1) the arctangent of u + rest, 0 < u <= 1. */
function turned(from: number, fromRest: number, sign: number, u: number, rest: number): number {
  if (u < SMALL) {
    const square = u * u;
    const tail = u * square * series(square);
    const head = from + sign * u;
    return head + (from - head + sign * u + fromRest + sign * rest + sign * tail);
  }
  const k = nearest(u);
  const v = u - ARCTANGENTS[k] + rest;
  const p = fma(curve(k, v), v, ARCTANGENTS[k + 2]);
  return from + sign * ARCTANGENTS[k + 1] + fma(sign * v, p, fromRest);
}

/**
 * Angle of the vector (x, y) [radian], bit for bit that of glibc 2.36 on processors with fused multiply-add (and so
 * of Python on Linux), error up to 0.56 units in the last place; for numbers beyond 2^-500 to 2^500 that of the platform.
 */
export function atan2(y: number, x: number): number {
  const width = Math.abs(x);
  const height = Math.abs(y);
  const small = Math.min(width, height);
  const large = Math.max(width, height);
  if (!(small > LEAST && large < MOST)) return Math.atan2(y, x);
  const u = small / large;
  // What the quotient lacks.
  const product = large * u;
  const rest = (small - product - fma(large, u, -product)) / large;
  let angle: number;
  if (height < width) angle = x > 0 ? plain(u, rest) : turned(Math.PI, PI_REST, -1, u, rest);
  else if (x > 0) angle = turned(HALF, HALF_REST, -1, u, rest);
  else if (width < height) angle = turned(HALF, HALF_REST, 1, u, rest);
  else angle = turned(Math.PI, PI_REST, -1, u, rest);
  return y < 0 ? -angle : angle;
}
