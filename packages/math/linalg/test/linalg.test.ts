import { describe, expect, test } from "vitest";
import { pseudoInverse, rank, singularValues, symmetricEigen } from "../src/index.js";

/** Numbers that look random and are the same everywhere. */
function numbers(count: number, seed = 1): Float64Array {
  let s = seed;
  return Float64Array.from({ length: count }, () => {
    s = (s * 48271) % 2147483647;
    return s / 1073741823.5 - 1;
  });
}

function product(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++)
    for (let j = 0; j < n; j++) for (let l = 0; l < k; l++) out[i * n + j] += a[i * k + l] * b[l * n + j];
  return out;
}

function near(a: ArrayLike<number>, b: ArrayLike<number>, limit = 1e-12): void {
  expect(a.length).toBe(b.length);
  for (let i = 0; i < a.length; i++) expect(Math.abs(a[i] - b[i])).toBeLessThan(limit);
}

describe("symmetricEigen", () => {
  test("a matrix worked out by hand", () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    near(values, [3, 1], 1e-15);
    expect(Math.abs(vectors[0] - vectors[1])).toBeLessThan(1e-15);
    expect(Math.abs(vectors[2] + vectors[3])).toBeLessThan(1e-15);
  });

  test("A v = lambda v, and the vectors are orthonormal", () => {
    const n = 23;
    const b = numbers(n * n);
    const a = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) a[i * n + j] = b[i * n + j] + b[j * n + i];
    const before = a.slice();
    const { values, vectors } = symmetricEigen(a, n);
    expect(a).toEqual(before);
    for (let k = 1; k < n; k++) expect(values[k - 1]).toBeGreaterThanOrEqual(values[k]);
    for (let k = 0; k < n; k++) {
      const v = vectors.subarray(k * n, k * n + n);
      near(
        product(a, v, n, n, 1),
        v.map((x) => x * values[k]),
      );
      for (let l = 0; l <= k; l++)
        near(product(vectors.subarray(l * n, l * n + n), v, 1, n, 1), [l === k ? 1 : 0], 1e-13);
    }
  });

  test("equal rows, a diagonal matrix, one element, none", () => {
    near(symmetricEigen(new Float64Array(16).fill(2), 4).values, [8, 0, 0, 0]);
    near(symmetricEigen(Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, 3), 3).values, [5, 3, 1]);
    expect([...symmetricEigen(Float64Array.of(7), 1).values]).toEqual([7]);
    expect(symmetricEigen(new Float64Array(0), 0).values.length).toBe(0);
  });

  test("values that are not finite are refused", () => {
    expect(() => symmetricEigen(Float64Array.of(Number.NaN), 1)).toThrow(RangeError);
  });
});

describe("singularValues", () => {
  test.each([
    [7, 4],
    [4, 7],
    [5, 5],
  ])("U S V' is the matrix again (%i x %i)", (m, n) => {
    const a = numbers(m * n, 9);
    const { u, s, v } = singularValues(a, m, n);
    const us = u.map((x, i) => x * s[i % n]);
    const vt = new Float64Array(n * n);
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) vt[i * n + j] = v[j * n + i];
    near(product(us, vt, m, n, n), a);
    for (let k = 1; k < n; k++) expect(s[k - 1]).toBeGreaterThanOrEqual(s[k]);
  });

  test("values worked out by hand", () => {
    near(singularValues(Float64Array.of(3, 0, 4, 5), 2, 2).s, [Math.sqrt(45), Math.sqrt(5)]);
  });

  test("values that are not finite are refused", () => {
    expect(() => singularValues(Float64Array.of(1, Number.POSITIVE_INFINITY), 1, 2)).toThrow(RangeError);
  });
});

describe("pseudoInverse and rank", () => {
  test("of a regular matrix is the inverse", () => {
    const a = numbers(9, 4);
    near(product(pseudoInverse(a, 3, 3, 1e-12), a, 3, 3, 3), [1, 0, 0, 0, 1, 0, 0, 0, 1]);
    expect(rank(a, 3, 3, 1e-12)).toBe(3);
  });

  test("differences between three unknowns: solution of least norm", () => {
    const k = Float64Array.of(1, -1, 0, 0, 1, -1, 1, 0, -1);
    expect(rank(k, 3, 3, 1e-12)).toBe(2);
    near(product(pseudoInverse(k, 3, 3, 1e-12), Float64Array.of(1, 1, 2), 3, 3, 1), [1, 0, -1]);
  });

  test("without equations all is zero", () => {
    expect([...pseudoInverse(new Float64Array(0), 0, 2, 1e-12)]).toEqual([]);
    expect(rank(new Float64Array(0), 0, 2, 1e-12)).toBe(0);
  });
});
