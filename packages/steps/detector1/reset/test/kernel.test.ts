import { expect, test } from "vitest";
import { resetPlanes, subtractReference } from "../src/kernel.js";

const pattern = { nints: 2, ngroups: 3, resetNgroups: 2, end: 2, before: 0, resetNints: 2, correct: 2 };

test("the first groups take those of their integration", () => {
  expect(resetPlanes(pattern)).toEqual([0, 1, -1, 2, 3, -1]);
});

test("later integrations take the last one, those past the end none", () => {
  expect(resetPlanes({ ...pattern, nints: 3, before: 1, end: 2 })).toEqual([2, 3, -1, 2, 3, -1, -1, -1, -1]);
});

test("subtracts from the groups that are corrected; NaN subtracts nothing", () => {
  const data = new Float32Array(2 * 3 * 2).fill(10);
  const level = new Float32Array([1, 2, 3, 4, 5, Number.NaN, 7, 8]);
  subtractReference({
    data,
    level,
    size: 2,
    levelOf: resetPlanes({ ...pattern, before: 1, end: 1 }),
    start: 0,
    end: 2,
  });
  expect([...data]).toEqual([5, 10, 3, 2, 10, 10, 10, 10, 10, 10, 10, 10]);
  expect(level[5]).toBeNaN();
});
