/**
 * Arithmetic in twice the working precision, for the few places where the last bit of a sine decides whether a pixel on the rim
 * of a circle belongs to it. T. J. Dekker, Numer. Math. 18, 224 (1971). A value is the unevaluated sum of two doubles.
 */
export type Double2 = readonly [number, number];

const SPLIT = 2 ** 27 + 1;

/** a * b exactly. */
function product(a: number, b: number): Double2 {
  const p = a * b;
  const a1 = SPLIT * a - (SPLIT * a - a);
  const a2 = a - a1;
  const b1 = SPLIT * b - (SPLIT * b - b);
  const b2 = b - b1;
  return [p, a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2];
}

/** a + b exactly. */
function sum(a: number, b: number): Double2 {
  const s = a + b;
  const t = s - a;
  return [s, a - (s - t) + (b - t)];
}

function add(a: Double2, b: Double2): Double2 {
  const [s, e] = sum(a[0], b[0]);
  return sum(s, e + a[1] + b[1]);
}

function multiply(a: Double2, b: Double2): Double2 {
  const [p, e] = product(a[0], b[0]);
  return sum(p, e + a[0] * b[1] + a[1] * b[0]);
}

/** a * b + c with one rounding; the steps of {@link product} and {@link sum} without their pairs. */
export function fma(a: number, b: number, c: number): number {
  const p = a * b;
  const a1 = SPLIT * a - (SPLIT * a - a);
  const a2 = a - a1;
  const b1 = SPLIT * b - (SPLIT * b - b);
  const b2 = b - b1;
  const e = a1 * b1 - p + a1 * b2 + a2 * b1 + a2 * b2;
  const s = p + c;
  const t = s - p;
  return s + (p - (s - t) + (c - t) + e);
}

/** Halvings of the angle before the series. */
const HALVINGS = 5;
const TERMS = 10;
/** Terms from this one on are so small that working precision is enough: what rounding takes is below 1e-33 of the sum. */
const SMALL = 5;

function sinCos2(angle: number): { sin: Double2; cos: Double2 } {
  const x: Double2 = [angle / 2 ** HALVINGS, 0];
  const square = multiply(x, x);
  // Horner: sin x = x (1 - x^2/6 (1 - x^2/20 (...))), 1 - cos x = x^2/2 (1 - x^2/12 (1 - x^2/30 (...))).
  let tail = 1;
  let tailVersine = 1;
  for (let k = TERMS - 1; k >= SMALL; k--) {
    tail = 1 - (square[0] * tail) / ((2 * k + 2) * (2 * k + 3));
    tailVersine = 1 - (square[0] * tailVersine) / ((2 * k + 3) * (2 * k + 4));
  }
  let sin: Double2 = [tail, 0];
  let versine: Double2 = [tailVersine, 0];
  for (let k = SMALL - 1; k >= 0; k--) {
    sin = add([1, 0], divided(multiply(square, sin), -(2 * k + 2) * (2 * k + 3)));
    versine = add([1, 0], divided(multiply(square, versine), -(2 * k + 3) * (2 * k + 4)));
  }
  let s = multiply(x, sin);
  let v = multiply(multiply(square, [0.5, 0]), versine);
  for (let k = 0; k < HALVINGS; k++) {
    const c = add([1, 0], [-v[0], -v[1]]);
    const twice = multiply(s, s);
    v = [2 * twice[0], 2 * twice[1]];
    s = multiply([2 * s[0], 2 * s[1]], c);
  }
  return { sin: s, cos: add([1, 0], [-v[0], -v[1]]) };
}

function divided(a: Double2, n: number): Double2 {
  const q = a[0] / n;
  const [p, e] = product(q, n);
  return sum(q, (a[0] - p - e + a[1]) / n);
}

/** Sine and cosine, correctly rounded but for rare cases; |angle| up to a few turns [radian]. */
export function sinCos(angle: number): { sin: number; cos: number } {
  const { sin, cos } = sinCos2(angle);
  return { sin: sin[0], cos: cos[0] };
}

/** Angle of the vector (x, y) [radian], correctly rounded but for rare cases. */
export function atan2(y: number, x: number): number {
  const guess = Math.atan2(y, x);
  const r2 = x * x + y * y;
  if (!(r2 > 0) || x === 0 || y === 0) return guess;
  const { sin, cos } = sinCos2(guess);
  const across = add(multiply([y, 0], cos), multiply([-x, 0], sin));
  return guess + across[0] / Math.sqrt(r2);
}
