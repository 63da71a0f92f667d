import { expect, test } from "vitest";
import { toElectrons } from "../src/index.js";

test("count rates become electrons, plane by plane", () => {
  const values = Float32Array.of(1, 2, 3, 4);
  toElectrons(values, Float32Array.of(2, 0.5), 10);
  expect([...values]).toEqual([20, 10, 60, 20]);
});
