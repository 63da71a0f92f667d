import { shapeKernel } from "./simd.js";

/**
 * Arithmetic in twice the working precision, for the few places where the last bit of a sine decides whether a pixel on the rim
 * of a circle belongs to it. T. J. Dekker, Numer. Math. 18, 224 (1971). A value is the unevaluated sum of two doubles: functions
 * give the first and leave the second in `low`.
 */
const low = new Float64Array(1);

const SPLIT = 2 ** 27 + 1;

/** What a * b has beyond the rounded product p. */
function productRest(a: number, b: number, p: number): number {
  const a1 = SPLIT * a - (SPLIT * a - a);
  const a2 = a - a1;
  const b1 = SPLIT * b - (SPLIT * b - b);
  const b2 = b - b1;
  return a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
}

/** a + b; what rounding takes is left in `low`. */
function sum(a: number, b: number): number {
  const s = a + b;
  const t = s - a;
  low[0] = a - (s - t) + (b - t);
  return s;
}

function add(a: number, aLow: number, b: number, bLow: number): number {
  const s = sum(a, b);
  return sum(s, low[0] + aLow + bLow);
}

function multiply(a: number, aLow: number, b: number, bLow: number): number {
  const p = a * b;
  return sum(p, productRest(a, b, p) + a * bLow + aLow * b);
}

function divide(a: number, aLow: number, n: number): number {
  const q = a / n;
  const p = q * n;
  return sum(q, (a - p - productRest(q, n, p) + aLow) / n);
}

/** A number and its bits, the lower word first. */
const held = new Float64Array(1);
const words = new Int32Array(held.buffer);

/** a + b; when that is not exact, the one of the two neighbours whose last bit is 1: rounding it again to fewer places is rounding once. */
function sumToOdd(a: number, b: number): number {
  const s = sum(a, b);
  const rest = low[0];
  if (rest === 0) return s;
  held[0] = s;
  if (words[0] & 1) return s;
  if (rest > 0 === s > 0) words[0] |= 1;
  else {
    if (words[0] === 0) words[1]--;
    words[0]--;
  }
  return held[0];
}

/**
 * a * b + c with one rounding, as long as the product is neither huge nor so small that its rest is lost (1e-290).
 * S. Boldo & G. Melquiond, IEEE Trans. Computers 57, 462 (2008).
 */
export function fma(a: number, b: number, c: number): number {
  const p = a * b;
  const inner = sum(c, productRest(a, b, p));
  const innerLow = low[0];
  const outer = sum(p, inner);
  return outer + sumToOdd(innerLow, low[0]);
}

/** Halvings of the angle before the series. */
const HALVINGS = 5;
const TERMS = 10;
/** Terms from this one on are so small that working precision is enough: what rounding takes is below 1e-33 of the sum. */
const SMALL = 5;

/** Sine and cosine: first and second part of the one, then of the other. */
const parts = new Float64Array(4);

/** Fills `parts`. */
function sinCosParts(angle: number): void {
  const x = angle / 2 ** HALVINGS;
  const square = multiply(x, 0, x, 0);
  const squareLow = low[0];
  // Horner: sin x = x (1 - x^2/6 (1 - x^2/20 (...))), 1 - cos x = x^2/2 (1 - x^2/12 (1 - x^2/30 (...))).
  let s = 1;
  let v = 1;
  for (let k = TERMS - 1; k >= SMALL; k--) {
    s = 1 - (square * s) / ((2 * k + 2) * (2 * k + 3));
    v = 1 - (square * v) / ((2 * k + 3) * (2 * k + 4));
  }
  let sLow = 0;
  let vLow = 0;
  for (let k = SMALL - 1; k >= 0; k--) {
    s = multiply(square, squareLow, s, sLow);
    s = divide(s, low[0], -(2 * k + 2) * (2 * k + 3));
    s = add(1, 0, s, low[0]);
    sLow = low[0];
    v = multiply(square, squareLow, v, vLow);
    v = divide(v, low[0], -(2 * k + 3) * (2 * k + 4));
    v = add(1, 0, v, low[0]);
    vLow = low[0];
  }
  s = multiply(x, 0, s, sLow);
  sLow = low[0];
  v = multiply(square / 2, squareLow / 2, v, vLow);
  vLow = low[0];
  for (let k = 0; k < HALVINGS; k++) {
    const c = add(1, 0, -v, -vLow);
    const cLow = low[0];
    v = 2 * multiply(s, sLow, s, sLow);
    vLow = 2 * low[0];
    s = multiply(2 * s, 2 * sLow, c, cLow);
    sLow = low[0];
  }
  parts[0] = s;
  parts[1] = sLow;
  parts[2] = add(1, 0, -v, -vLow);
  parts[3] = low[0];
}

/**
 * Angle of the vector (x, y) [radian], correctly rounded but for rare cases.
 * @param wasm - false: without the WASM kernel; the angle is the same
 */
export function atan2(y: number, x: number, wasm = true): number {
  const guess = Math.atan2(y, x);
  const r2 = x * x + y * y;
  if (!(r2 > 0) || x === 0 || y === 0) return guess;
  const kernel = wasm ? shapeKernel() : undefined;
  if (kernel !== undefined) return kernel.exports.refine(guess, y, x);
  sinCosParts(guess);
  const first = multiply(y, 0, parts[2], parts[3]);
  const firstLow = low[0];
  const second = multiply(-x, 0, parts[0], parts[1]);
  return guess + add(first, firstLow, second, low[0]) / Math.sqrt(r2);
}
