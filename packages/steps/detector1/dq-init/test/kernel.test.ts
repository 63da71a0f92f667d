import { expect, test } from "vitest";
import { applyMask, combineMask, toFlags } from "../src/kernel.js";

test("combineMask ORs all 32 bits", () => {
  const dq = Uint32Array.of(2, 0x40000000);
  combineMask(dq, Uint32Array.of(1, 0x80000000));
  expect(Array.from(dq)).toEqual([3, 0xc0000000]);
});

test("applyMask carries DO_NOT_USE only to the groups, all flags to the pixels", () => {
  // 1 integration, 2 groups, 3 pixels
  const groupdq = Uint8Array.of(0, 0, 4, 0, 2, 0);
  const dq = Uint32Array.of(2, 0, 0);
  applyMask({ dq, mask: Uint32Array.of(1, 4, 0x80000001), groupdq, size: 3, ngroups: 2, start: 0, end: 3 });
  expect(Array.from(dq)).toEqual([3, 4, 0x80000001]);
  expect(Array.from(groupdq)).toEqual([1, 0, 5, 1, 2, 1]);
});

test("applyMask takes the planes of stripes in turn", () => {
  // 4 integrations of 2 groups, 2 stripes, 1 pixel
  const groupdq = new Uint8Array(8);
  const dq = new Uint32Array(2);
  applyMask({ dq, mask: Uint32Array.of(0, 1), groupdq, size: 1, ngroups: 2, start: 0, end: 1 });
  expect(Array.from(dq)).toEqual([0, 1]);
  expect(Array.from(groupdq)).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
});

test("applyMask keeps to its pixels", () => {
  // 2 integrations of 1 group, 2 stripes, 4 pixels
  const groupdq = new Uint8Array(8);
  const dq = new Uint32Array(8);
  const mask = Uint32Array.of(1, 1, 1, 1, 1, 5, 4, 1);
  applyMask({ dq, mask, groupdq, size: 4, ngroups: 1, start: 1, end: 3 });
  expect(Array.from(dq)).toEqual([0, 1, 1, 0, 0, 5, 4, 0]);
  expect(Array.from(groupdq)).toEqual([0, 1, 1, 0, 0, 1, 0, 0]);
  applyMask({ dq, mask, groupdq: null, size: 4, ngroups: 1, start: 3, end: 4 });
  expect(Array.from(dq)).toEqual([0, 1, 1, 1, 0, 5, 4, 1]);
});

test("toFlags reads any kind of number", () => {
  expect(Array.from(toFlags(Int16Array.of(1, -1)))).toEqual([1, 0xffffffff]);
  expect(Array.from(toFlags(Float32Array.of(2.9, 4)))).toEqual([2, 4]);
  expect(Array.from(toFlags(BigInt64Array.of(5n, -1n)))).toEqual([5, 0xffffffff]);
});
