import { describe, expect, test } from "vitest";
import { detectorFrame, irs2ScienceMask, irs2ScienceRows, irs2SectorMask, isIrs2Shape } from "../src/index.js";

/** The plane 0 1 2 / 3 4 5 in detector orientation. */
function read(fast: number, slow: number): number[][] {
  const f = detectorFrame(2, 3, fast, slow);
  return Array.from({ length: f.rows }, (_, r) =>
    Array.from({ length: f.columns }, (_, c) => f.offset + r * f.rowStride + c * f.columnStride),
  );
}

describe("detectorFrame", () => {
  test.each([
    [
      1,
      2,
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
    ],
    [
      1,
      -2,
      [
        [3, 4, 5],
        [0, 1, 2],
      ],
    ],
    [
      -1,
      2,
      [
        [2, 1, 0],
        [5, 4, 3],
      ],
    ],
    [
      2,
      1,
      [
        [0, 3],
        [1, 4],
        [2, 5],
      ],
    ],
    [
      -2,
      -1,
      [
        [5, 2],
        [4, 1],
        [3, 0],
      ],
    ],
    [
      2,
      -1,
      [
        [2, 5],
        [1, 4],
        [0, 3],
      ],
    ],
  ])("fast %i, slow %i", (fast, slow, wanted) => {
    expect(read(fast, slow)).toEqual(wanted);
  });
});

describe("IRS2", () => {
  test("a line of 3200 samples holds 2048 science pixels after the reference output", () => {
    const mask = irs2ScienceMask(3200);
    expect(mask.reduce((a, b) => a + b, 0)).toBe(2048);
    expect(Array.from(mask.subarray(636, 664))).toEqual([
      0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    ]);
    expect(irs2SectorMask(3200)).toEqual(mask);
  });

  test("amplifiers read backwards have mirrored reference samples when the pattern is not symmetric", () => {
    // sectors of 18 samples: 2 S, 2 r, 4 S, 2 r, 4 S, 2 r, 2 left over instead of the 2 that symmetry wants -> pattern 4 + 2
    const mask = irs2SectorMask(95, { normal: 4, reference: 2 });
    const first = Array.from(mask.subarray(19, 38));
    const second = Array.from(mask.subarray(38, 57));
    expect(first).toEqual([1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1]);
    expect(second).toEqual([...first].reverse());
  });

  test("NRS2 is reversed", () => {
    const mask = Uint8Array.of(0, 0, 1, 1, 0, 1);
    expect(Array.from(irs2ScienceRows(mask, "NRS1"))).toEqual([2, 3, 5]);
    expect(Array.from(irs2ScienceRows(mask, "NRS2"))).toEqual([0, 2, 3]);
  });

  test("recognised by length", () => {
    expect(isIrs2Shape([1, 2, 3200, 2048])).toBe(true);
    expect(isIrs2Shape([1, 2, 2048, 2048])).toBe(false);
  });
});
