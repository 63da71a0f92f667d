import { expect, test } from "vitest";
import { subtractReset } from "../src/kernel.js";

test("subtracts the first groups of one integration", () => {
  const data = new Float32Array(2 * 3 * 2).fill(10);
  const reset = new Float32Array([1, 2, 3, 4, 5, Number.NaN, 7, 8]);
  subtractReset({ data, reset, ngroups: 3, resetNgroups: 2, npix: 2, integration: 1, from: 1, correct: 2 });
  expect([...data]).toEqual([10, 10, 10, 10, 10, 10, 5, 10, 3, 2, 10, 10]);
  expect(reset[5]).toBeNaN();
});
