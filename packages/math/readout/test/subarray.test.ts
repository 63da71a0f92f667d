import { NdArray, ndarray } from "@calwebb/array";
import { describe, expect, test } from "vitest";
import { referenceCutter, type StripeMeta, stripeLayouts, stripeLines } from "../src/index.js";

const log = { warn: (): void => {} };
const placed = (subarray: StripeMeta, shape: number[], name = "NIRCAM") => ({
  meta: { instrument: { name }, subarray },
  shape,
});
const box = (xstart: number, ystart: number, xsize: number, ysize: number): StripeMeta => ({
  xstart,
  ystart,
  xsize,
  ysize,
});
/** value = row * 100 + column */
const grid = (ny: number, nx: number): NdArray<Float32Array> =>
  new NdArray(
    Float32Array.from({ length: ny * nx }, (_, i) => Math.floor(i / nx) * 100 + (i % nx)),
    [ny, nx],
  );

describe("referenceCutter", () => {
  test("hands back what fits, cuts what is larger", () => {
    const ref = placed(box(11, 21, 6, 5), [5, 6]);
    const array = grid(5, 6);
    expect(referenceCutter(placed(box(11, 21, 6, 5), [1, 2, 5, 6]), ref, log)(array)).toBe(array);
    const cut = referenceCutter(placed(box(12, 23, 3, 2), [1, 2, 2, 3]), ref, log)(array);
    expect(cut.shape).toEqual([2, 3]);
    expect(Array.from(cut.data)).toEqual([201, 202, 203, 301, 302, 303]);
  });

  test("leading axes are kept", () => {
    const array = ndarray("float32", [2, 4, 4]);
    for (let i = 0; i < 32; i++) array.data[i] = i;
    const cut = referenceCutter(placed(box(2, 2, 2, 2), [2, 2]), placed(box(1, 1, 4, 4), [4, 4]), log)(array);
    expect(cut.shape).toEqual([2, 2, 2]);
    expect(Array.from(cut.data)).toEqual([5, 6, 9, 10, 21, 22, 25, 26]);
  });

  test("a full frame may lack the keywords, nothing else may", () => {
    const array = ndarray("uint8", [1024, 1032]);
    const cut = referenceCutter(
      placed(box(1, 1, 1032, 1024), [1024, 1032], "MIRI"),
      placed({}, [1024, 1032], "MIRI"),
      log,
    );
    expect(cut(array)).toBe(array);
    expect(() => referenceCutter(placed(box(1, 1, 4, 4), [4, 4]), placed({}, [4, 4]), log)).toThrow(/SUBSTRT1/);
    expect(() => referenceCutter(placed({}, [4, 4]), placed(box(1, 1, 4, 4), [4, 4]), log)).toThrow(/exposure lacks/);
  });

  test("an exposure beyond the reference is refused", () => {
    const ref = placed(box(1, 1, 4, 4), [4, 4]);
    expect(() => referenceCutter(placed(box(3, 1, 3, 4), [4, 3]), ref, log)).toThrow(/reaches beyond the reference/);
    expect(() => referenceCutter(placed(box(0, 1, 3, 4), [4, 3]), ref, log)).toThrow(/wanted 1 or more/);
  });
});

describe("stripes", () => {
  // one reference line, then two stripes of two lines, three lines skipped before and between
  const sub: StripeMeta = {
    ...box(1, 1, 4, 5),
    fastaxis: 1,
    slowaxis: 2,
    multistripe_reads1: 1,
    multistripe_skips1: 3,
    multistripe_reads2: 2,
    multistripe_skips2: 3,
    repeat_stripe: 0,
    interleave_reads1: 0,
    superstripe_step: 0,
    num_superstripe: 0,
  };

  test("lines of substripes", () => {
    expect(Array.from(stripeLines(stripeLayouts(sub)[0], 5))).toEqual([0, 4, 5, 9, 10]);
    const repeated = { ...sub, ysize: 6, repeat_stripe: 1 };
    expect(Array.from(stripeLines(stripeLayouts(repeated)[0], 6))).toEqual([0, 4, 5, 0, 4, 5]);
    const interleaved = { ...repeated, interleave_reads1: 1 };
    expect(Array.from(stripeLines(stripeLayouts(interleaved)[0], 6))).toEqual([0, 4, 5, 0, 9, 10]);
    expect(() => stripeLayouts({ ...sub, ysize: 4 })).toThrow(/fill 5 lines/);
  });

  test("superstripes move on by a step", () => {
    const meta = { ...sub, ysize: 3, num_superstripe: 2, superstripe_step: 2, multistripe_reads2: 0 };
    expect(stripeLayouts(meta).map((l) => Array.from(stripeLines(l, 3)))).toEqual([
      [0, 4, 5],
      [0, 6, 7],
    ]);
    const cut = referenceCutter(placed(meta, [2, 1, 3, 4]), placed(box(1, 1, 4, 20), [20, 4]), log)(grid(20, 4));
    expect(cut.shape).toEqual([2, 3, 4]);
    expect(cut.get(0, 2, 1)).toBe(501);
    expect(cut.get(1, 1, 3)).toBe(603);
  });

  test("the cut follows the orientation of the detector", () => {
    const meta = { ...sub, fastaxis: -1, slowaxis: -2, xsize: 2, xstart: 2, ystart: 2048 };
    const cut = referenceCutter(placed(meta, [1, 1, 5, 2]), placed(box(1, 1, 4, 20), [20, 4]), log)(grid(20, 4));
    // detector lines 0 4 5 9 10 are rows 19 15 14 10 9 of the science frame; the subarray is flipped back
    expect(Array.from(cut.data)).toEqual([901, 902, 1001, 1002, 1401, 1402, 1501, 1502, 1901, 1902]);
  });
});
