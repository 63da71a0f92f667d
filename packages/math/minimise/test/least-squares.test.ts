import { describe, expect, test } from "vitest";
import { leastSquares } from "../src/index.js";

/** Rosenbrock's valley: residuals 10 (y - x²) and 1 - x. */
const valley = (x: Float64Array, out: Float64Array): void => {
  out[0] = 10 * (x[1] - x[0] * x[0]);
  out[1] = 1 - x[0];
};

const points = Array.from({ length: 40 }, (_, i) => i / 4);
const gauss = (p: ArrayLike<number>, t: number): number => p[0] * Math.exp(-(((t - p[1]) / p[2]) ** 2)) + p[3];

describe("leastSquares", () => {
  test("finds the end of a curved valley, with and without derivatives", () => {
    const numerical = leastSquares(valley, [-1.2, 1], 2);
    const analytical = leastSquares(valley, [-1.2, 1], 2, {
      jacobian: (x, out) => {
        out.set([-20 * x[0], -1, 10, 0]);
      },
    });
    for (const fit of [numerical, analytical]) {
      expect(Math.abs(fit.x[0] - 1)).toBeLessThan(1e-9);
      expect(Math.abs(fit.x[1] - 1)).toBeLessThan(1e-9);
      expect(fit.converged).toBe(true);
      expect(fit.norm).toBeLessThan(1e-9);
    }
    expect(analytical.evaluations).toBeLessThan(40);
  });

  test("a straight line is the solution of the normal equations", () => {
    const y = [2, 4.1, 5.9, 8.3];
    const fit = leastSquares((p, out) => y.forEach((v, i) => void (out[i] = v - p[0] - p[1] * i)), [0, 0], 4);
    // sum y = 20.3, sum i y = 40.8: b = (40.8 - 1.5 * 20.3) / 5, a = 20.3 / 4 - 1.5 b
    expect(fit.x[1]).toBeCloseTo(2.07, 8);
    expect(fit.x[0]).toBeCloseTo(1.97, 8);
  });

  test("parameters of a curve that is met exactly", () => {
    const truth = [3, 4.2, 1.3, -0.5];
    const fit = leastSquares(
      (p, out) => points.forEach((t, i) => void (out[i] = gauss(p, t) - gauss(truth, t))),
      [1, 5, 2, 0],
      points.length,
      { ftol: 1e-15, xtol: 1e-15 },
    );
    for (const [j, v] of truth.entries()) expect(Math.abs(fit.x[j] - v)).toBeLessThan(1e-10);
  });

  test("a parameter without influence stays", () => {
    const fit = leastSquares((p, out) => out.set([p[0] - 3, p[0] - 5, 0]), [1, 7], 3);
    expect(fit.x[0]).toBeCloseTo(4, 10);
    expect(fit.x[1]).toBe(7);
  });

  test("residuals that are not numbers end the fit at its start", () => {
    const fit = leastSquares((_, out) => out.fill(Number.NaN), [1, 2], 3);
    expect([...fit.x]).toEqual([1, 2]);
    expect(fit.converged).toBe(false);
  });

  test("gives up after the allowed evaluations", () => {
    const fit = leastSquares(valley, [-1.2, 1], 2, { maxEvaluations: 8 });
    expect(fit.converged).toBe(false);
    expect(fit.evaluations).toBeLessThan(14);
  });

  test("does not change the start, and wants enough residuals", () => {
    const start = Float64Array.of(-1.2, 1);
    leastSquares(valley, start, 2);
    expect([...start]).toEqual([-1.2, 1]);
    expect(() => leastSquares(valley, [1, 2, 3], 2)).toThrow(/3 parameters to 2 values/);
  });
});
