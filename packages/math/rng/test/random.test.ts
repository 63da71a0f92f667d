import { random } from "@calwebb/rng";
import { expect, test } from "vitest";

const moments = (n: number, draw: () => number) => {
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    const x = draw();
    sum += x;
    squares += x * x;
  }
  const mean = sum / n;
  return { mean, variance: squares / n - mean * mean };
};

test("a seed fixes the stream, another seed or fork gives another one", () => {
  const draw = (seed: number) =>
    Array.from(
      { length: 5 },
      (
        (r) => () =>
          r.uniform()
      )(random(seed)),
    );
  expect(draw(1)).toEqual(draw(1));
  expect(draw(1)).not.toEqual(draw(2));
  expect(random(1).fork(0).uniform()).not.toBe(random(1).fork(1).uniform());
});

test("uniform and normal have the right moments", () => {
  const r = random(7);
  const u = moments(200_000, () => r.uniform());
  expect(u.mean).toBeCloseTo(0.5, 2);
  expect(u.variance).toBeCloseTo(1 / 12, 2);
  const n = moments(200_000, () => r.normal());
  expect(Math.abs(n.mean)).toBeLessThan(0.01);
  expect(n.variance).toBeCloseTo(1, 1);
});

test.each([0.1, 3, 9.9, 10, 40, 3000, 1e6])("Poisson(%f): mean and variance equal the mean", (mean) => {
  const r = random(11);
  const n = 100_000;
  const p = moments(n, () => r.poisson(mean));
  expect(Math.abs(p.mean - mean)).toBeLessThan(5 * Math.sqrt(mean / n));
  expect(Math.abs(p.variance / mean - 1)).toBeLessThan(0.05 + 5 / Math.sqrt(n * mean));
});

test("a mean that is not positive gives 0", () => {
  const r = random(1);
  expect([r.poisson(0), r.poisson(-1), r.poisson(Number.NaN)]).toEqual([0, 0, 0]);
});
