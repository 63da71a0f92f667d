/** Splits a double into two halves of 26 bits. */
const SPLIT = 134217729;

/** What rounding took from the product p = a b (Dekker 1971, Numer. Math. 18, 224). */
function lost(a: number, b: number, p: number): number {
  const sa = SPLIT * a;
  const ah = sa - (sa - a);
  const al = a - ah;
  const sb = SPLIT * b;
  const bh = sb - (sb - b);
  const bl = b - bh;
  return ah * bh - p + ah * bl + al * bh + al * bl;
}

/**
 * x to the power of the double next to 1/n, rounded correctly but for the rarest of cases, which `Math.pow` is not: it is
 * off by a last digit in one case of ten. The power is corrected by one Newton step whose residual has twice the precision.
 * NaN for negative x.
 * @param n - at least 2
 */
export function root(x: number, n: number): number {
  const y = 1 / n;
  const r = x ** y;
  if (!(x > 1e-280 && x < 1e280)) return r;
  // r^n as the sum of two doubles.
  let high = r;
  let low = 0;
  for (let i = 1; i < n; i++) {
    const p = high * r;
    const e = lost(high, r, p) + low * r;
    high = p + e;
    low = e - (high - p);
  }
  const residual = x - high - low;
  // The exponent is not quite 1/n.
  const py = y * n;
  const exponent = (py - 1 + lost(y, n, py)) / n;
  return r + r * (residual / (n * x) + exponent * Math.log(x));
}
