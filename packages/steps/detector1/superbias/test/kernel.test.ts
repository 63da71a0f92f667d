import { describe, expect, test } from "vitest";
import { biasPlanes, subtractReference } from "../src/kernel.js";

describe("biasPlanes", () => {
  test("one plane for all groups", () => expect(biasPlanes(4, 2, 1)).toEqual([0, 0, 0, 0]));

  // 3 integrations of 2 groups, 2 stripes
  test("stripes take turns by integration", () => expect(biasPlanes(6, 2, 2)).toEqual([0, 0, 1, 1, 0, 0]));
});

test("subtracts from the pixels of a piece and adds their flags, stripe by stripe", () => {
  const data = new Float32Array(8).fill(10);
  const pixeldq = Uint32Array.of(0, 1, 0x80000000, 2);
  subtractReference({
    data,
    level: Float32Array.of(1, 2, 3, Number.NaN),
    size: 2,
    levelOf: biasPlanes(4, 2, 2),
    start: 1,
    end: 2,
    flags: { pixeldq, reference: Uint32Array.of(4, 4, 4, 0x80000001) },
  });
  expect(Array.from(data)).toEqual([10, 8, 10, 8, 10, 10, 10, 10]);
  expect(Array.from(pixeldq)).toEqual([0, 5, 0x80000000, 0x80000003]);
});
