import { expect, test } from "vitest";
import { allocate, forgetRecycled, recycle, sharedBytesMade } from "../src/index.js";

const N = 1 << 17;

test("shared memory that was given back is used again, and is zero", () => {
  const old = allocate("float32", N);
  old.fill(7);
  recycle(old);
  const next = allocate("uint32", N);
  expect(next.buffer).toBe(old.buffer);
  expect(next.every((v) => v === 0)).toBe(true);
  expect(allocate("float32", N).buffer).not.toBe(old.buffer);
});

test("memory that will be written anyway is not cleared", () => {
  const old = allocate("float32", 3 * N).fill(7);
  recycle(old);
  const next = allocate("float32", 3 * N, "any");
  expect(next.buffer).toBe(old.buffer);
  expect(next[5]).toBe(7);
});

test("memory given back twice is used once; parts and small arrays are left alone", () => {
  const a = allocate("float64", N);
  recycle(a, a, a.subarray(1), allocate("float32", 4));
  expect(allocate("float64", N).buffer).toBe(a.buffer);
  expect(allocate("float64", N).buffer).not.toBe(a.buffer);
});

test("so much is kept and no more, the latest", () => {
  const arrays = Array.from({ length: 7 }, () => allocate("uint8", 1 << 25));
  recycle(...arrays);
  const again = Array.from({ length: 7 }, () => allocate("uint8", 1 << 25).buffer);
  expect(again.filter((b) => arrays.some((a) => a.buffer === b))).toHaveLength(6);
  expect(again).not.toContain(arrays[0].buffer);
});

test("shared memory that is made is counted, not that which is used again", () => {
  const before = sharedBytesMade();
  const a = allocate("float64", 3 * N);
  expect(sharedBytesMade() - before).toBe(24 * N);
  recycle(a);
  allocate("uint8", 24 * N);
  allocate("float64", 4);
  expect(sharedBytesMade() - before).toBe(24 * N);
});

test("memory that is forgotten is not used again", () => {
  const old = allocate("float64", 5 * N);
  recycle(old);
  forgetRecycled();
  expect(allocate("float64", 5 * N).buffer).not.toBe(old.buffer);
});
