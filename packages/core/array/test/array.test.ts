import { allocate, defineTask, inlineExecutor, NdArray, ndarray, splitRange } from "@calwebb/array";
import { expect, test } from "vitest";

const iota = (shape: number[]) => {
  const a = ndarray("int32", shape);
  for (let i = 0; i < a.data.length; i++) a.data[i] = i;
  return a;
};

test("row-major indexing, pick, lo, hi, step and transpose are views", () => {
  const a = iota([2, 3, 4]);
  expect(a.get(1, 2, 3)).toBe(23);
  expect(a.pick(1).get(0, 0)).toBe(12);
  expect(a.pick(null, 1).shape).toEqual([2, 4]);
  expect(a.lo(0, 1).hi(1, 1).get(0, 0, 2)).toBe(6);
  expect([...a.step(1, 1, -1).pick(0, 0).flat()]).toEqual([3, 2, 1, 0]);
  expect(a.transpose(2, 0, 1).shape).toEqual([4, 2, 3]);
  expect(a.transpose(2, 0, 1).get(3, 1, 2)).toBe(23);
  a.pick(0, 0).set(1, 99);
  expect(a.get(0, 0, 1)).toBe(99);
});

test("flat is a view when contiguous and a copy otherwise", () => {
  const a = iota([2, 3]);
  expect(a.flat()).toBe(a.data);
  expect(a.pick(1).flat().buffer).toBe(a.data.buffer);
  expect([...a.transpose().flat()]).toEqual([0, 3, 1, 4, 2, 5]);
  expect(a.copy().data).not.toBe(a.data);
  expect(() => a.reshape(4)).toThrow(RangeError);
});

test("large arrays are shared, absurd ones refused", () => {
  expect(allocate("float32", 1 << 16).buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(allocate("float32", 4).buffer).toBeInstanceOf(ArrayBuffer);
  expect(() => allocate("float32", -1)).toThrow(RangeError);
  expect(() => allocate("float32", Number.NaN)).toThrow(RangeError);
  expect(new NdArray(new Float64Array(6), [2, 3]).dtype).toBe("float64");
});

test("the inline executor keeps the order of the pieces and stops on abort", async () => {
  const square = defineTask(import.meta.url, "square", (x: number) => x * x);
  const seen: number[] = [];
  expect(await inlineExecutor.run(square, [1, 2, 3], { onDone: (n) => seen.push(n) })).toEqual([1, 4, 9]);
  expect(seen).toEqual([1, 2, 3]);
  await expect(inlineExecutor.run(square, [1], { signal: AbortSignal.abort() })).rejects.toThrow();
  expect(splitRange(5, 2)).toEqual([
    [0, 2],
    [2, 4],
    [4, 5],
  ]);
});
