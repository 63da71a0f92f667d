import { group } from "@calwebb/dqflags";

const SATURATED = group.SATURATED;
const f = Math.fround;

/**
 * Replace unsaturated values of one group by c0 + c1 x + c2 x^2 + ..., in place, by Horner's scheme in float32.
 * @param data - values [DN], elements at..at+n are changed
 * @param dq - GROUPDQ of the same elements; SATURATED keeps its value
 * @param c - coefficients of these pixels, [ncoeffs][n]
 */
export function correctGroup(
  data: Float32Array,
  dq: Uint8Array,
  at: number,
  n: number,
  c: Float32Array,
  ncoeffs: number,
): void {
  if (ncoeffs === 5) quartic(data, dq, at, n, c);
  else if (ncoeffs === 6) quintic(data, dq, at, n, c);
  else anyDegree(data, dq, at, n, c, ncoeffs);
}

function anyDegree(data: Float32Array, dq: Uint8Array, at: number, n: number, c: Float32Array, ncoeffs: number): void {
  const top = (ncoeffs - 1) * n;
  for (let i = 0; i < n; i++) {
    if ((dq[at + i] & SATURATED) !== 0) continue;
    const x = data[at + i];
    let y = f(c[top + i] * x);
    for (let p = top - n + i; p >= n; p -= n) y = f(f(y + c[p]) * x);
    data[at + i] = y + c[i];
  }
}

function quartic(data: Float32Array, dq: Uint8Array, at: number, n: number, c: Float32Array): void {
  const c0 = c.subarray(0, n);
  const c1 = c.subarray(n, 2 * n);
  const c2 = c.subarray(2 * n, 3 * n);
  const c3 = c.subarray(3 * n, 4 * n);
  const c4 = c.subarray(4 * n, 5 * n);
  for (let i = 0; i < n; i++) {
    const x = data[at + i];
    let y = f(c4[i] * x);
    y = f(f(y + c3[i]) * x);
    y = f(f(y + c2[i]) * x);
    y = f(f(y + c1[i]) * x);
    if ((dq[at + i] & SATURATED) === 0) data[at + i] = y + c0[i];
  }
}

function quintic(data: Float32Array, dq: Uint8Array, at: number, n: number, c: Float32Array): void {
  const c0 = c.subarray(0, n);
  const c1 = c.subarray(n, 2 * n);
  const c2 = c.subarray(2 * n, 3 * n);
  const c3 = c.subarray(3 * n, 4 * n);
  const c4 = c.subarray(4 * n, 5 * n);
  const c5 = c.subarray(5 * n, 6 * n);
  for (let i = 0; i < n; i++) {
    const x = data[at + i];
    let y = f(c5[i] * x);
    y = f(f(y + c4[i]) * x);
    y = f(f(y + c3[i]) * x);
    y = f(f(y + c2[i]) * x);
    y = f(f(y + c1[i]) * x);
    if ((dq[at + i] & SATURATED) === 0) data[at + i] = y + c0[i];
  }
}

/**
 * The same polynomial for the zero frame, which has no DQ: exact zeros mean "bad" and stay zero.
 */
export function correctZeroFrame(data: Float32Array, at: number, n: number, c: Float32Array, ncoeffs: number): void {
  const top = (ncoeffs - 1) * n;
  for (let i = 0; i < n; i++) {
    const x = data[at + i];
    if (x === 0) continue;
    let y = f(c[top + i] * x);
    for (let p = top - n + i; p >= n; p -= n) y = f(f(y + c[p]) * x);
    data[at + i] = y + c[i];
  }
}

/** The polynomial of one pixel in double precision; `c` holds float32 coefficients [ncoeffs][n], pixel `i`. */
export function evaluate(x: number, c: Float32Array, ncoeffs: number, n: number, i: number): number {
  let y = c[(ncoeffs - 1) * n + i] * x;
  for (let k = ncoeffs - 2; k > 0; k--) y = (y + c[k * n + i]) * x;
  return y + c[i];
}

/** The polynomial of one pixel rounded to float32 after every operation. */
export function evaluate32(x: number, c: Float32Array, ncoeffs: number, n: number, i: number): number {
  let y = f(c[(ncoeffs - 1) * n + i] * x);
  for (let k = ncoeffs - 2; k > 0; k--) y = f(f(y + c[k * n + i]) * x);
  return f(y + c[i]);
}
