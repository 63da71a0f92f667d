/**
 * Arithmetic that keeps what rounding takes, for the few places where the last bit of a sine decides whether a pixel on the rim of
 * a circle belongs to it. T. J. Dekker, Numer. Math. 18, 224 (1971).
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
