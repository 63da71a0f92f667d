import { expect, test } from "vitest";
import { concatenate } from "../src/kernel.js";

test("cubes follow one another", () => {
  const out = new Float32Array(5);
  concatenate([Float32Array.of(1, 2), Float32Array.of(3, 4, 5)], out);
  expect([...out]).toEqual([1, 2, 3, 4, 5]);
});
