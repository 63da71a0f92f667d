import { describe, expect, test } from "vitest";
import { addFlags, subtractPlanes, subtractReference } from "../src/index.js";

/** A mix of numbers of all sizes and kinds. */
function values(n: number, seed: number): Float32Array {
  const odd = [0, -0, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e38, -1e-40];
  let s = seed;
  return Float32Array.from({ length: n }, (_, i) => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s % 11 === 0 ? odd[i % odd.length] : (s / 2 ** 20 - 1000) * 10 ** ((i % 9) - 4);
  });
}

describe.each([true, false])("subtractPlanes, SIMD %s", (simd) => {
  test("planes take the levels named; NaN subtracts nothing, -1 means none", () => {
    const data = Float32Array.of(10, 20, 30, 40, 50, 60);
    const level = Float32Array.of(1, Number.NaN, 3, 4);
    subtractPlanes({ data, level, size: 2, levelOf: [1, -1, 0], start: 0, end: 2, simd });
    expect([...data]).toEqual([7, 16, 30, 40, 49, 60]);
  });

  test("exact zeros stay when they mean nothing", () => {
    const data = Float32Array.of(5, 0, -0, Number.NaN);
    subtractPlanes({
      data,
      level: Float32Array.of(1, 1, 1, 1),
      size: 4,
      levelOf: [0],
      keepZero: true,
      start: 0,
      end: 4,
      simd,
    });
    expect([...data]).toEqual([4, 0, -0, Number.NaN]);
  });

  test("only the pixels of the piece, over the edges of tiles", () => {
    const size = 40_000;
    const data = new Float32Array(2 * size).fill(7);
    subtractPlanes({
      data,
      level: Float32Array.from({ length: size }, (_, i) => i % 5),
      size,
      levelOf: [0, 0],
      start: 3,
      end: 39_990,
      simd,
    });
    const want = Float32Array.from(data, (_, k) => {
      const i = k % size;
      return i < 3 || i >= 39_990 ? 7 : 7 - (i % 5);
    });
    expect(data.every((v, k) => v === want[k])).toBe(true);
  });
});

test.each([false, true])("WASM and TypeScript give the same bits, zeros kept: %s", (keepZero) => {
  const size = 20_011;
  const level = values(2 * size, 5);
  const [a, b] = [true, false].map((simd) => {
    const data = values(3 * size, 17);
    subtractPlanes({ data, level, size, levelOf: [1, 0, 1], keepZero, start: 1, end: size, simd });
    return data;
  });
  const bits = new Uint32Array(b.buffer);
  expect(new Uint32Array(a.buffer).every((v, i) => v === bits[i])).toBe(true);
});

test.each([true, false])("addFlags keeps all 32 bits and stays in its range, SIMD %s", (simd) => {
  const dq = Uint32Array.of(1, 0x80000000, 1);
  addFlags(dq, Uint32Array.of(4, 1, 8), 0, 2, simd);
  expect([...dq]).toEqual([5, 0x80000001, 1]);
  // Beyond one tile, from an odd start.
  const [many, flags] = [1, 7].map((step) => Uint32Array.from({ length: 40_001 }, (_, i) => (i * step * 65_537) >>> 0));
  const want = many.map((q, i) => (i < 5 || i >= 40_000 ? q : (q | flags[i]) >>> 0));
  addFlags(many, flags, 5, 40_000, simd);
  expect(many.every((q, i) => q === want[i])).toBe(true);
});

test("subtractReference adds the flags plane by plane", () => {
  const pixeldq = Uint32Array.of(0, 1, 0x80000000, 2);
  subtractReference({
    data: new Float32Array(4),
    level: new Float32Array(4),
    size: 2,
    levelOf: [0, 1],
    start: 1,
    end: 2,
    flags: { pixeldq, reference: Uint32Array.of(4, 4, 4, 0x80000001) },
  });
  expect([...pixeldq]).toEqual([0, 5, 0x80000000, 0x80000003]);
});
