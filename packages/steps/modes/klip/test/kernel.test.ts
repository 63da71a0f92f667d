import { describe, expect, test } from "vitest";
import { modesOf, residualDeviation, subtractPsf } from "../src/kernel.js";

/** Two references: (1, -1, 0, 0) times 2 and (0, 0, 1, -1), on top of constants. */
const refs = Float32Array.of(5, 1, 3, 3, 7, 7, 8, 6);

describe("modesOf", () => {
  test("finds the directions of references at right angles, strongest first", () => {
    const { images, count } = modesOf(refs, 2, 4, 50);
    expect(count).toBe(2);
    const half = Math.SQRT1_2;
    const wanted = [half, -half, 0, 0, 0, 0, half, -half];
    const signs = [Math.sign(images[0]), Math.sign(images[6])];
    for (let i = 0; i < 8; i++) expect(images[i] * signs[i < 4 ? 0 : 1]).toBeCloseTo(wanted[i], 12);
  });

  test("keeps as many as are wanted; constant references give none", () => {
    expect(modesOf(refs, 2, 4, 1).count).toBe(1);
    expect(modesOf(refs, 2, 4, 0).count).toBe(0);
    expect(modesOf(new Float32Array(8).fill(3), 2, 4, 5).count).toBe(0);
  });

  test("refuses NaN", () => {
    expect(() => modesOf(Float32Array.of(1, Number.NaN), 1, 2, 1)).toThrow(RangeError);
  });
});

describe("subtractPsf", () => {
  test("takes the modes and the mean out of the target", () => {
    const target = Float32Array.of(10, 4, 9, 5); // mean 7: (3, -3, 2, -2)
    subtractPsf(target, modesOf(refs, 2, 4, 1));
    for (const [i, v] of [0, 0, 2, -2].entries()) expect(target[i]).toBeCloseTo(v, 6);
    const other = Float32Array.of(10, 4, 9, 5);
    subtractPsf(other, modesOf(refs, 2, 4, 0));
    expect([...other]).toEqual([3, -3, 2, -2]);
  });
});

describe("residualDeviation", () => {
  test("is the scatter of what the modes leave of the references", () => {
    const err = new Float32Array(4);
    residualDeviation(modesOf(refs, 2, 4, 1), err);
    // left: (0, 0, 0, 0) and (0, 0, 1, -1)
    for (const [i, v] of [0, 0, 0.5, 0.5].entries()) expect(err[i]).toBeCloseTo(v, 6);
  });
});
