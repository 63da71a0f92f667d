import { describe, expect, test } from "vitest";
import { boundedLeastSquares } from "../src/index.js";

/** A line through points of a parabola; the best fit of y = a + b t is a = -1, b = 3. */
const times = [0, 1, 2, 3];
const line = ([a, b]: Float64Array): Float64Array => Float64Array.from(times, (t) => a + b * t - t * t);
const rosenbrock = ([x, y]: Float64Array): Float64Array => Float64Array.of(10 * (y - x * x), 1 - x);

describe("boundedLeastSquares", () => {
  test("finds the least squares where no bound is in the way", () => {
    const { parameters, cost, end } = boundedLeastSquares(line, [1, 1], [-10, -10], [10, 10]);
    expect(parameters[0]).toBeCloseTo(-1, 6);
    expect(parameters[1]).toBeCloseTo(3, 6);
    expect(cost).toBeCloseTo(2, 9);
    expect(end).not.toBe("evaluations");
  });

  test("stops at a bound, and the other parameter is the best there", () => {
    // With a >= 0 the best is a = 0 and b = sum(t t^2) / sum(t^2) = 36 / 14.
    const { parameters } = boundedLeastSquares(line, [1, 1], [0, -10], [10, 10]);
    expect(parameters[0]).toBeGreaterThanOrEqual(0);
    expect(parameters[0]).toBeLessThan(1e-5);
    expect(parameters[1]).toBeCloseTo(36 / 14, 4);
  });

  test("a valley is followed to its end, and along a bound to the best point on it", () => {
    const free = boundedLeastSquares(rosenbrock, [-1.2, 1], [-Infinity, -Infinity], [Infinity, Infinity]);
    expect(free.parameters[0]).toBeCloseTo(1, 6);
    expect(free.parameters[1]).toBeCloseTo(1, 6);
    const walled = boundedLeastSquares(rosenbrock, [-0.5, 0.3], [-2, -2], [0.5, 2]);
    expect(walled.parameters[0]).toBeCloseTo(0.5, 5);
    expect(walled.parameters[1]).toBeCloseTo(0.25, 5);
  });

  test("the limit on the gradient is absolute: small residuals end early", () => {
    const faint = (p: Float64Array): Float64Array => rosenbrock(p).map((r) => r * 1e-5);
    const { parameters, end, evaluations } = boundedLeastSquares(faint, [-1.2, 1], [-5, -5], [5, 5]);
    expect([end, evaluations]).toEqual(["gradient", 2]);
    // The one step that scipy 1.17 takes.
    expect(parameters[0]).toBeCloseTo(-1.03218271, 7);
    expect(parameters[1]).toBeCloseTo(1.03354821, 7);
  });

  test("takes as many steps as scipy 1.17, along a bound too", () => {
    expect(boundedLeastSquares(rosenbrock, [-1.2, 1], [-5, -5], [5, 5]).evaluations).toBe(25);
    expect(boundedLeastSquares(rosenbrock, [-0.5, 0.3], [-2, -2], [0.5, 2]).evaluations).toBe(13);
  });

  test("says when it ran out of evaluations", () => {
    const { end, evaluations } = boundedLeastSquares(rosenbrock, [-1.2, 1], [-5, -5], [5, 5], { evaluations: 3 });
    expect([end, evaluations]).toEqual(["evaluations", 3]);
  });

  test("refuses a start outside the bounds, and one without residuals", () => {
    expect(() => boundedLeastSquares(line, [-1, 1], [0, 0], [1, 1])).toThrow(/not between the bounds/);
    expect(() => boundedLeastSquares(() => Float64Array.of(Number.NaN), [1], [0], [2])).toThrow(/not finite/);
  });
});
