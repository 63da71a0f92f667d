const f = Math.fround;
const LOG2_E = f(Math.LOG2E);
/** -ln 2 in two parts (Cody & Waite 1980). */
const LN2_HIGH = f(-6.93145752e-1);
const LN2_LOW = f(-1.42860677e-6);
const P = [
  9.99999999998087e-1, 7.257664613233124e-1, 2.4736154348955208e-1, 5.114512081637298e-2, 6.757896990527505e-3,
  5.082762527590694e-4,
].map(f);
const Q = [1, -2.7423353904116676e-1, 2.1595093756858297e-2].map(f);

/** a b + c with one rounding to float32. */
const fma = (a: number, b: number, c: number): number => f(a * b + c);

function polynomial(c: readonly number[], x: number): number {
  let sum = c[c.length - 1];
  for (let i = c.length - 2; i >= 0; i--) sum = fma(sum, x, c[i]);
  return sum;
}

/**
 * Exponential of a float32 number to about 2 units in the last place, by range reduction and a rational minimax
 * approximation, rounded at every operation as numpy's vectorised float32 exponential rounds.
 * @param x - a float32 number
 */
export function exp32(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 88.72283935546875) return Number.POSITIVE_INFINITY;
  if (x < -103.97208404541016) return 0;
  // Adding and taking away 1.5 2^23 rounds to a whole number.
  const MAGIC = 12582912;
  const n = f(f(f(x * LOG2_E) + MAGIC) - MAGIC);
  const r = fma(n, LN2_LOW, fma(n, LN2_HIGH, x));
  return f(f(polynomial(P, r) / polynomial(Q, r)) * 2 ** n);
}
