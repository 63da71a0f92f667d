import { describe, expect, test } from "vitest";
import { combineFlags, subtractPlanes } from "../src/kernel.js";

describe("subtractPlanes", () => {
  test("one plane of bias for all groups, NaN counts as 0", () => {
    const data = Float32Array.of(10, 20, 30, 40, 50, 60);
    const bias = Float32Array.of(1, Number.NaN, 3);
    subtractPlanes({ data, bias, size: 3, from: 0, to: 2, repeat: 2, keepZero: false });
    expect(Array.from(data)).toEqual([9, 20, 27, 39, 50, 57]);
  });

  test("stripes take turns by integration", () => {
    // 3 integrations of 2 groups, 2 stripes, 1 pixel
    const data = new Float32Array(6).fill(10);
    subtractPlanes({ data, bias: Float32Array.of(1, 2), size: 1, from: 0, to: 6, repeat: 2, keepZero: false });
    expect(Array.from(data)).toEqual([9, 9, 8, 8, 9, 9]);
  });

  test("only the planes asked for; zeros of a zero frame stay", () => {
    const data = Float32Array.of(5, 0, 5, 0);
    subtractPlanes({ data, bias: Float32Array.of(1, 1), size: 2, from: 1, to: 2, repeat: 1, keepZero: true });
    expect(Array.from(data)).toEqual([5, 0, 4, 0]);
  });
});

test("combineFlags keeps all 32 bits", () => {
  const dq = Uint32Array.of(1, 0x80000000);
  combineFlags(dq, Uint32Array.of(4, 1));
  expect(Array.from(dq)).toEqual([5, 0x80000001]);
});
