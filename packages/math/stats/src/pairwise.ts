/** Longest run that is summed with eight partial sums. */
const RUN = 128;

/**
 * Sum of a[from .. from + n) in the order of numpy's pairwise summation, so that the rounding is the same.
 * N. Higham, SIAM J. Sci. Comput. 14, 783 (1993).
 */
export function pairwiseSum(a: Float64Array, from: number, n: number): number {
  if (n < 8) {
    let s = 0;
    for (let i = from; i < from + n; i++) s += a[i];
    return s;
  }
  if (n > RUN) {
    const left = (n >> 1) - ((n >> 1) % 8);
    return pairwiseSum(a, from, left) + pairwiseSum(a, from + left, n - left);
  }
  let r0 = a[from];
  let r1 = a[from + 1];
  let r2 = a[from + 2];
  let r3 = a[from + 3];
  let r4 = a[from + 4];
  let r5 = a[from + 5];
  let r6 = a[from + 6];
  let r7 = a[from + 7];
  const full = n - (n % 8);
  let i = from + 8;
  for (; i < from + full; i += 8) {
    r0 += a[i];
    r1 += a[i + 1];
    r2 += a[i + 2];
    r3 += a[i + 3];
    r4 += a[i + 4];
    r5 += a[i + 5];
    r6 += a[i + 6];
    r7 += a[i + 7];
  }
  let s = r0 + r1 + (r2 + r3) + (r4 + r5 + (r6 + r7));
  for (; i < from + n; i++) s += a[i];
  return s;
}

/** {@link pairwiseSum} in float32: every partial sum is rounded. The values must be float32 numbers. */
export function pairwiseSum32(a: Float64Array, from: number, n: number): number {
  const f = Math.fround;
  if (n < 8) {
    let s = 0;
    for (let i = from; i < from + n; i++) s = f(s + a[i]);
    return s;
  }
  if (n > RUN) {
    const left = (n >> 1) - ((n >> 1) % 8);
    return f(pairwiseSum32(a, from, left) + pairwiseSum32(a, from + left, n - left));
  }
  let r0 = a[from];
  let r1 = a[from + 1];
  let r2 = a[from + 2];
  let r3 = a[from + 3];
  let r4 = a[from + 4];
  let r5 = a[from + 5];
  let r6 = a[from + 6];
  let r7 = a[from + 7];
  const full = n - (n % 8);
  let i = from + 8;
  for (; i < from + full; i += 8) {
    r0 = f(r0 + a[i]);
    r1 = f(r1 + a[i + 1]);
    r2 = f(r2 + a[i + 2]);
    r3 = f(r3 + a[i + 3]);
    r4 = f(r4 + a[i + 4]);
    r5 = f(r5 + a[i + 5]);
    r6 = f(r6 + a[i + 6]);
    r7 = f(r7 + a[i + 7]);
  }
  let s = f(f(f(r0 + r1) + f(r2 + r3)) + f(f(r4 + r5) + f(r6 + r7)));
  for (; i < from + n; i++) s = f(s + a[i]);
  return s;
}
