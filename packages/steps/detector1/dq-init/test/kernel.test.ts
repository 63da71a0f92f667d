import { expect, test } from "vitest";
import { combineMask, flagGroups, toFlags } from "../src/kernel.js";

test("combineMask ORs all 32 bits", () => {
  const dq = Uint32Array.of(2, 0x40000000);
  combineMask(dq, Uint32Array.of(1, 0x80000000));
  expect(Array.from(dq)).toEqual([3, 0xc0000000]);
});

test("flagGroups carries DO_NOT_USE only", () => {
  // 1 integration, 2 groups, 3 pixels
  const groupdq = Uint8Array.of(0, 0, 4, 0, 2, 0);
  flagGroups(groupdq, Uint32Array.of(1, 4, 0x80000001), 3, 2);
  expect(Array.from(groupdq)).toEqual([1, 0, 5, 1, 2, 1]);
});

test("flagGroups takes the planes of stripes in turn", () => {
  // 4 integrations of 2 groups, 2 stripes, 1 pixel
  const groupdq = new Uint8Array(8);
  flagGroups(groupdq, Uint32Array.of(0, 1), 1, 2);
  expect(Array.from(groupdq)).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});

test("toFlags reads any kind of number", () => {
  expect(Array.from(toFlags(Int16Array.of(1, -1)))).toEqual([1, 0xffffffff]);
  expect(Array.from(toFlags(Float32Array.of(2.9, 4)))).toEqual([2, 4]);
  expect(Array.from(toFlags(BigInt64Array.of(5n, -1n)))).toEqual([5, 0xffffffff]);
});
