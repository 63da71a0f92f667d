import type { Runs } from "@calwebb/regions";
import { describe, expect, test, vi } from "vitest";
import {
  type Flags,
  flagSnowballs,
  flagsOf,
  GroupScan,
  type Mark,
  markJump,
  markUnsaturated,
  saturate,
} from "../src/kernel.js";

/** Flags in stretches of random length. */
function stretches(n: number, seed: number, longest: number): Uint8Array {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const out = new Uint8Array(n);
  const kinds = [0, 0, 0, 1, 2, 4, 6, 12, 130, 255];
  for (let i = 0; i < n; ) {
    const length = 1 + Math.floor(random() ** 3 * longest);
    out.fill(kinds[Math.floor(random() * kinds.length)], i, i + length);
    i += length;
  }
  return out;
}

const list = (runs: Runs): number[][] =>
  Array.from({ length: runs.count }, (_, i) => [runs.row[i], runs.from[i], runs.to[i]]);

describe("runs of flags", () => {
  test.each([
    [7, 3],
    [5, 16],
    [40, 63],
    [33, 64],
    [9, 100],
    [3, 130],
    [2, 70_000],
  ])("%i rows of %i: the SIMD kernel finds what the plain one finds", (nrows, ncols) => {
    const npix = nrows * ncols;
    let runs = 0;
    for (const longest of [3, 40, 400]) {
      const dq = stretches(4 * npix, npix + longest, longest);
      const fast = new GroupScan(dq, nrows, ncols);
      const plain = new GroupScan(dq, nrows, ncols, false);
      for (const [g, saturated, next] of [
        [1, true, true],
        [3, true, false],
        [2, false, true],
      ] as const) {
        fast.read(g * npix, saturated, next);
        plain.read(g * npix, saturated, next);
        expect(list(fast.jumps)).toEqual(list(plain.jumps));
        expect(list(fast.now)).toEqual(list(plain.now));
        expect(list(fast.next)).toEqual(list(plain.next));
        runs += plain.jumps.count + plain.now.count;
      }
    }
    expect(runs).toBeGreaterThan(10);
  });

  test("without WASM the plain kernel takes over", () => {
    vi.stubGlobal("WebAssembly", undefined);
    try {
      const groupdq = new Uint8Array(2 * 9).fill(4, 9);
      const scan = new GroupScan(groupdq, 3, 3);
      scan.read(9, true, false);
      expect(list(scan.jumps)).toEqual([
        [0, 0, 3],
        [1, 0, 3],
        [2, 0, 3],
      ]);
    } finally {
      vi.unstubAllGlobals();
    }
  });
});

describe("flags of a stretch of pixels", () => {
  const change: [string, Mark, (f: number) => number][] = [
    ["jumps", markJump, (f) => f | 4],
    ["jumps where nothing is saturated", markUnsaturated, (f) => (f & 2 ? f : f | 4)],
    ["only saturated", saturate, () => 2],
  ];
  test.each(change)("%s, whether or not the stretch or the memory is aligned", (_, mark, wanted) => {
    for (const shift of [0, 1])
      for (let from = 0; from < 6; from++)
        for (let to = from; to < 24; to++) {
          const before = stretches(25, 31 * from + to, 3);
          const bytes = new Uint8Array(new ArrayBuffer(26), shift, 25);
          bytes.set(before);
          const flags: Flags = flagsOf(bytes);
          expect(flags.words === null).toBe(shift === 1);
          mark(flags, from, to);
          expect([...bytes]).toEqual([...before].map((f, i) => (i >= from && i < to ? wanted(f) : f)));
        }
  });
});

test("snowballs are the same with and without SIMD", () => {
  const [nrows, ncols, ngroups] = [60, 50, 5];
  const npix = nrows * ncols;
  const make = (): Uint8Array => {
    const dq = new Uint8Array(ngroups * npix);
    for (const [g, y, x, r] of [
      [1, 30, 25, 9],
      [2, 12, 40, 6],
      [3, 45, 10, 7],
    ])
      for (let dy = -r; dy <= r; dy++)
        for (let dx = -r; dx <= r; dx++) {
          const rr = dx * dx + dy * dy;
          if (rr > r * r || y + dy >= nrows || x + dx >= ncols) continue;
          const at = (y + dy) * ncols + x + dx;
          dq[g * npix + at] |= 4;
          if (rr < 9) for (let k = g; k < ngroups; k++) dq[k * npix + at] = 2;
        }
    return dq;
  };
  const settings = {
    minSaturatedArea: 1,
    minJumpArea: 5,
    expandFactor: 2,
    needSaturation: true,
    minCoreAxis: 2.5,
    coreGrowth: 4,
    edge: 2,
    maxWidth: 400,
    nextGroups: 3,
  };
  const fast = make();
  const plain = make();
  const args = { integration: 0, ngroups, nrows, ncols, settings };
  const found = flagSnowballs({ ...args, groupdq: plain, simd: false });
  expect(found.snowballs).toBe(3);
  expect(found.cores.count).toBe(9);
  expect(flagSnowballs({ ...args, groupdq: fast })).toEqual(found);
  expect([...fast]).toEqual([...plain]);
});
