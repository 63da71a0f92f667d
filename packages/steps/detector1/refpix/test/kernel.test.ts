import { describe, expect, test } from "vitest";
import {
  AMPLIFIERS,
  collate,
  columnLevels,
  columnScratch,
  convolveSame,
  correctMiri,
  correctPlanes,
  edgeFilter,
  edgelessFlags,
  edgeRowsPlan,
  findBadLines,
  flaggedPixelsPlan,
  type Irs2Ramps,
  interpolateGaps,
  irs2Layout,
  levelSubtraction,
  odd,
  placedFrame,
  placeStripes,
  positionOf,
  realActing,
  removeSlope,
  replaceBadLines,
  replaceListedLines,
  replacementOf,
  type SidePlan,
  sideLevels,
  sirsKernels,
  sirsTemplates,
  stripePlan,
} from "../src/kernel.js";

const REF = 0x80000000;

describe("plans", () => {
  test("a subarray knows its place on the detector", () => {
    // columns 2041..2048 of the science frame, fast axis backwards: the first eight columns of the detector
    const frame = placedFrame({ ny: 4, nx: 8, y0: 0, x0: 2040, fastaxis: -1, slowaxis: 2 });
    expect([frame.firstRow, frame.firstColumn]).toEqual([0, 0]);
    expect(positionOf(frame, 1, 0)).toBe(15);
    expect(positionOf(frame, 4, 0)).toBe(-1);
    const turned = placedFrame({ ny: 8, nx: 4, y0: 100, x0: 10, fastaxis: -2, slowaxis: -1 });
    expect([turned.firstRow, turned.firstColumn]).toEqual([2048 - 14, 2048 - 108]);
  });

  test("edge rows: good pixels only, odd and even columns of each amplifier", () => {
    const dq = new Uint32Array(8 * 4);
    dq[0] = 1;
    const frame = placedFrame({ ny: 4, nx: 8, y0: 0, x0: 508, fastaxis: 1, slowaxis: 2 });
    const plan = edgeRowsPlan(dq, frame, AMPLIFIERS, odd);
    // columns 508..511 belong to the first amplifier (sets 0, 1), 512..515 to the second (2, 3)
    expect(Array.from(plan.setOf)).toEqual([0, 1, 0, 1, 2, 3, 2, 3]);
    expect(Array.from(plan.sets[0].second)).toEqual([2, 8, 10, 16, 18, 24, 26]);
    expect(plan.sets[0].first.length).toBe(0);
    expect(plan.sets[4].second.length).toBe(0);
  });

  test("flagged pixels, and none", () => {
    const frame = placedFrame({ ny: 2, nx: 3, y0: 9, x0: 7, fastaxis: 1, slowaxis: 2 });
    const plan = flaggedPixelsPlan(Uint32Array.of(REF, 0, REF + 1, REF, REF, 0), frame, true);
    // the plane starts at column 7, an odd index
    expect(Array.from(plan?.setOf ?? [])).toEqual([1, 0, 1]);
    expect(plan?.sets.map((s) => Array.from(s.first))).toEqual([[4], [0, 3]]);
    expect(flaggedPixelsPlan(new Uint32Array(6), frame, true)).toBeUndefined();
  });

  test("edgeless subarrays borrow four columns on each side", () => {
    const dq = edgelessFlags(new Uint32Array(10), 1, 10);
    expect(Array.from(dq, (v) => (v === REF ? 1 : 0))).toEqual([1, 1, 1, 1, 0, 0, 1, 1, 1, 1]);
  });

  test("stripes: amplifiers by the column on the detector", () => {
    const frame = { ...placedFrame({ ny: 1, nx: 4, y0: 0, x0: 0, fastaxis: 1, slowaxis: 2 }, 1, 4) };
    const plan = stripePlan(Uint32Array.of(REF, REF, 0, REF), frame, 510, false);
    expect(Array.from(plan.setOf)).toEqual([0, 0, 1, 1]);
    expect(plan.sets.map((s) => Array.from(s.first))).toEqual([[0, 1], [3], [], []]);
  });
});

describe("levels", () => {
  const data = Float32Array.of(10, 12, 20, 22);
  const of = (...at: number[]): Int32Array => Int32Array.from(at);

  test("top and bottom are averaged; one of them alone counts alone", () => {
    const plan = {
      sets: [
        { first: of(0, 1), second: of(2, 3) },
        { first: of(0), second: of() },
      ],
      setOf: Uint8Array.of(0, 1, 255),
      paired: false,
    };
    expect(Array.from(columnLevels(data, 0, plan, 3, true, columnScratch(plan)))).toEqual([16, 10, 0]);
  });

  test("odd and even columns are corrected both or not at all", () => {
    const plan = {
      sets: [
        { first: of(0), second: of(1) },
        { first: of(), second: of() },
      ],
      setOf: Uint8Array.of(0, 1),
      paired: true,
    };
    expect(Array.from(columnLevels(data, 0, plan, 3, true, columnScratch(plan)))).toEqual([0, 0]);
  });
});

describe("sides", () => {
  /** Six rows with one good pixel on each side. */
  const plan = (left: number[], right: number[]): SidePlan => ({
    left: Int32Array.from(left.flatMap((p) => [p, -1, -1, -1])),
    right: Int32Array.from(right.flatMap((p) => [p, -1, -1, -1])),
    leftColumns: Int32Array.of(0, 0, 0, 0),
    rightColumns: Int32Array.of(1, 1, 1, 1),
    firstRow: 0,
    rows: left.length,
  });
  const data = Float32Array.of(1, 2, 9, 4, 5, 7);
  const all = [0, 1, 2, 3, 4, 5];
  const none = all.map(() => -1);

  test("running medians, mirrored at the ends, averaged over the sides", () => {
    const out = new Float64Array(6);
    // windows 2 1 2 | 1 2 9 | 2 9 4 | 9 4 5 | 4 5 7 | 5 7 5; the right side is 1 lower
    sideLevels(out, data, 0, plan(all, all), { length: 3, gain: 2 }, Float64Array.of(0, 1), true);
    expect(Array.from(out)).toEqual([3, 3, 7, 9, 9, 9]);
  });

  test("an even window reaches farther back; one side, or none, will do", () => {
    const out = new Float64Array(6);
    // windows 2 1 | 1 2 | 2 9 | 9 4 | 4 5 | 5 7
    sideLevels(out, data, 0, plan(all, none), { length: 2, gain: 1 }, Float64Array.of(0, 0), false);
    expect(Array.from(out)).toEqual([1.5, 1.5, 5.5, 6.5, 4.5, 6]);
    sideLevels(out, data, 0, plan(none, none), { length: 3, gain: 1 }, Float64Array.of(0, 0), false);
    expect(Array.from(out)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe("correctPlanes", () => {
  const plane = (fastaxis: number, slowaxis: number) => ({ ny: 2, nx: 2, fastaxis, slowaxis, siglimit: 3 });
  const columns = {
    sets: [
      { first: Int32Array.of(0), second: new Int32Array(0) },
      { first: Int32Array.of(1), second: new Int32Array(0) },
    ],
    setOf: Uint8Array.of(0, 1),
    paired: false,
  };
  test.each([
    // data 10 20 / 30 40; levels 10 and 20 of detector columns 0 and 1
    [1, 2, [0, 0, 20, 20]],
    [-1, 2, [-10, 10, 10, 30]],
    [2, 1, [0, 10, 10, 20]],
    [-2, 1, [-10, 0, 20, 30]],
  ])("fast axis %i, slow axis %i", (fast, slow, wanted) => {
    const data = Float32Array.of(10, 20, 30, 40);
    correctPlanes({ data, ...plane(fast, slow), columns, from: 0, to: 1, singleUntil: 1 });
    expect(Array.from(data)).toEqual(wanted);
  });
});

describe("levels of columns and rows", () => {
  const [ny, nx] = [5, 19];
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, -0, 0];
  const numbers = (n: number, seed: number) =>
    Float64Array.from({ length: n }, (_, i) => Math.sin(seed * (i + 1)) * 10 ** (i % 6));
  const levels = { columns: numbers(nx, 3), rows: numbers(ny, 7) };
  const part = { rows: [1, 4], columns: [2, 17] } as const;

  test.each([
    [false, false],
    [false, true],
    [true, false],
    [true, true],
  ])("WASM and TypeScript give the same bits; row first %s, single %s", (rowFirst, single) => {
    const [a, b] = [true, false].map((simd) => {
      const data = Float32Array.from(numbers(ny * nx, 11));
      data.set(odd, 40);
      levelSubtraction(nx, simd)(data, 0, { ...levels, rowFirst, single }, part);
      return new Uint32Array(data.buffer);
    });
    expect(a).toEqual(b);
  });

  test("only the part asked for, in the order asked for", () => {
    const data = new Float32Array(ny * nx).fill(1e8);
    levelSubtraction(nx)(
      data,
      0,
      { columns: new Float64Array(nx).fill(3), rows: new Float64Array(ny).fill(3), rowFirst: false, single: true },
      part,
    );
    // 1e8 - 3 rounds to 1e8, twice; without rounding in between it is 99999992.
    for (let i = 0; i < data.length; i++) expect(data[i]).toBe(1e8);
    levelSubtraction(nx)(
      data,
      0,
      { columns: new Float64Array(nx).fill(3), rows: new Float64Array(ny).fill(3), rowFirst: false, single: false },
      part,
    );
    const inside = (i: number) => i >= nx && i < 4 * nx && i % nx >= 2 && i % nx < 17;
    for (let i = 0; i < data.length; i++) expect(data[i]).toBe(inside(i) ? 99999992 : 1e8);
  });
});

test("MIRI: the first group is taken out, amplifiers take columns in turn", () => {
  const nx = 1032;
  const data = new Float32Array(2 * 2 * nx);
  for (let g = 0; g < 2; g++)
    for (let y = 0; y < 2; y++)
      for (let x = 0; x < nx; x++) {
        const edge = x < 4 || x >= 1028;
        // in the second group reference pixels of column class c rise by c + 1 in row 0, by 10 more in row 1
        data[(g * 2 + y) * nx + x] = 100 + x + g * (edge ? (x % 4) + 1 + 10 * y : 500);
      }
  const piece = {
    data,
    dq: new Uint32Array(2 * nx),
    ngroups: 2,
    ny: 2,
    nx,
    oddEven: true,
    siglimit: 3,
    from: 0,
    to: 1,
  };
  expect(correctMiri(piece)).toBe(true);
  expect(data[8]).toBe(108);
  expect(data[2 * nx + 8]).toBe(100 + 8 + 500 - 1);
  expect(data[3 * nx + 10]).toBe(100 + 10 + 500 - 13);
  expect(data[2 * nx + 1]).toBe(101);
  piece.dq.fill(1);
  expect(correctMiri(piece)).toBe(false);
});

describe("SIRS", () => {
  test("convolveSame as numpy.convolve(mode='same')", () => {
    const a = Float64Array.of(1, 2, 3, 4, 5);
    expect(Array.from(convolveSame(a, Float64Array.of(1, 0, -1)))).toEqual([2, 2, 2, 2, -4]);
    expect(Array.from(convolveSame(Float64Array.of(1, 10), a))).toEqual([1, 12, 23, 34, 45]);
  });

  // make_kernels of the reference implementation for gamma = [1, 0.5 - 0.1j, 0.25, 0.2j, 0.1], zeta = twice that, width 1.5, half-width 2
  test("kernels from Fourier coefficients", () => {
    const gamma = Float64Array.of(1, 0, 0.5, -0.1, 0.25, 0, 0, 0.2, 0.1, 0);
    const { left, right } = sirsKernels([gamma], [gamma.map((v) => 2 * v)], 1.5, 2);
    const wanted = [
      0.09014386034047751, 0.16185002596353318, 0.20690615357225475, 0.1908509032549075, 0.1256871846433813,
    ];
    left[0].forEach((v, i) => {
      expect(v).toBeCloseTo(wanted[i], 12);
    });
    expect(right[0][2]).toBeCloseTo(2 * wanted[2], 12);
  });

  test("bad pixels are left out and made up for", () => {
    const left = new Float64Array(5 * 4).fill(10);
    const right = new Float64Array(5 * 4).fill(20);
    left.forEach((_, i) => {
      left[i] += i % 2;
    });
    right.forEach((_, i) => {
      right[i] += i % 2;
    });
    left[8] = 1e6;
    const kernels = { left: [Float64Array.of(0, 1, 0)], right: [Float64Array.of(0, 0.5, 0)] };
    const [template] = sirsTemplates(left, right, kernels, 4);
    expect(template[0]).toBeCloseTo(10.5 + 10.25, 12);
    // row 2: 11 + 10 + 11 of three good pixels
    expect(template[2]).toBeCloseTo(32 / 3 + 10.25, 12);
  });
});

describe("IRS2", () => {
  test("times of a line: 712 pixels, reference samples 9 times after the start", () => {
    const layout = irs2Layout(16, 4);
    expect([layout.times, layout.stored, layout.science.length, layout.reference.length]).toEqual([712, 640, 512, 128]);
    expect(Array.from(layout.reference.subarray(0, 5))).toEqual([8, 9, 10, 11, 28]);
    expect(Array.from(layout.referenceTime.subarray(0, 5))).toEqual([9, 10, 11, 12, 31]);
    expect([layout.scienceTime[7], layout.scienceTime[8], layout.scienceTime[511]]).toEqual([7, 14, 703]);
    expect(Array.from(layout.to.subarray(0, 8))).toEqual([7, 8, 9, 10, 11, 12, 13, 14]);
    expect(Array.from(layout.from.subarray(0, 8))).toEqual([9, 11, 9, 11, 10, 12, 10, 12]);
  });

  test("removeSlope takes the line through the edge lines from what is not 0", () => {
    const values = Float32Array.from({ length: 20 }, (_, i) => 5 + 2 * i);
    values[9] = 0;
    removeSlope(values, 10, 2);
    for (let i = 0; i < 20; i++) expect(values[i]).toBeCloseTo(0, 5);
  });

  test("interpolateGaps takes neighbours around the end", () => {
    const values = new Float32Array(64).fill(3);
    values[0] = values[30] = 0;
    interpolateGaps(values);
    expect(values[0]).toBeCloseTo(3, 6);
    expect(values[30]).toBeCloseTo(3, 6);
  });

  test("the filter keeps both ends of the spectrum", () => {
    const filter = edgeFilter(2048, 712, 16, 4);
    expect(filter.length).toBe(729089);
    expect([filter[0], filter[30267], filter[30268], filter[32768], filter[35268], filter[729088]]).toEqual([
      1, 1, 1, 0.5, 0, 1,
    ]);
  });

  test("realActing keeps what acts on real results", () => {
    // weights 1+1i, 2+3i, 4, 6-5i: bin 1 becomes ((2+3i) + conj(6-5i)) / 2 = 4 + 4i
    expect(Array.from(realActing([1, 1, 2, 3, 4, 0, 6, -5]))).toEqual([1, 0, 4, 4, 4, 0]);
  });

  const ramps = (): Irs2Ramps => {
    // five sectors of 30 lines: 4 S, 4 r, 8 S, 4 r, 8 S, ... with pattern 8 + 4: reference lines 4..7, 16..19, 28..29
    const ny = 5 * 24;
    const data = new Float32Array(ny * 2);
    for (let y = 0; y < ny; y++) data[2 * y] = data[2 * y + 1] = y;
    return { data, nints: 1, ngroups: 1, ny, nx: 2, normal: 8, reference: 4 };
  };

  test("bad lines are replaced by those of the same parity, nearest first", () => {
    const bad = new Uint8Array(120);
    const interleaved = new Uint8Array(120).fill(1);
    expect(replacementOf(20, bad, interleaved, 0, 60, 12).from).toEqual([8, 32]);
    bad[8] = 1;
    expect(replacementOf(20, bad, interleaved, 0, 60, 12).from).toEqual([32]);
    expect(replacementOf(20, bad, interleaved, 0, 30, 12).from).toEqual([18]);
    bad[18] = 1;
    expect(replacementOf(20, bad, interleaved, 0, 30, 12).from).toEqual([22]);
    bad[22] = 1;
    expect(replacementOf(20, bad, interleaved, 0, 30, 12).from).toEqual([]);
  });

  test("replaceBadLines works through the sectors", () => {
    const r = ramps();
    const bad = new Uint8Array(120);
    bad[4] = 1;
    expect(replaceBadLines(r, bad)).toBe(1);
    expect(r.data[8]).toBe(16);
  });

  test("findBadLines finds a pair that stands out", () => {
    const r = { ...ramps(), ny: 3200, nx: 2, normal: 16, reference: 4 };
    r.data = Float32Array.from({ length: 6400 }, (_, i) => (i % 7) + (i % 3));
    r.data[2 * 668] += 500;
    const bad = new Uint8Array(3200);
    findBadLines(r, bad, 3);
    expect(Array.from(bad.entries()).flatMap(([i, v]) => (v ? [i] : []))).toContain(668);
    expect(bad[669]).toBe(1);
    expect(bad[8]).toBe(0);
  });

  test("lines listed by a reference: excursions by bit, pairs mirrored in every other amplifier", () => {
    const r = ramps();
    const bad = new Uint8Array(120);
    const identity = (i: number): number => i;
    replaceListedLines(
      r,
      [
        { output: 1, oddEven: 1, mask: 1 },
        { output: 2, oddEven: 1, mask: 2 },
      ],
      bad,
      identity,
    );
    // output 1: 24 + 4 + 0; output 2, bit 1: 48 + 4 + 12 + 2
    expect(Array.from(bad.entries()).flatMap(([i, v]) => (v ? [i] : []))).toEqual([28, 29, 66, 67]);
    expect(r.data[2 * 28]).toBe(40);
    expect(r.data[2 * 66]).toBe(54);
  });
});

describe("stripes put together", () => {
  const meta = {
    name: "SOMETHING",
    xstart: 1,
    ystart: 1,
    xsize: 2,
    ysize: 3,
    fastaxis: 1,
    slowaxis: 2,
    multistripe_reads1: 1,
    multistripe_skips1: 1,
    multistripe_reads2: 0,
    multistripe_skips2: 0,
    repeat_stripe: 0,
    interleave_reads1: 0,
    superstripe_step: 2,
    num_superstripe: 2,
  };

  test("stripes 2, 3 and 4, 5 make frames of four lines", () => {
    const placement = placeStripes(meta);
    expect([placement.lines, placement.firstLine, placement.start, placement.repeats]).toEqual([4, 2, 3, 1]);
    // two stripes of three lines (the first is a reference line) and two columns
    const source = Float32Array.of(0, 0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8);
    const target = new Float32Array(8);
    collate({ source, target, placement, fastaxis: 1, slowaxis: 2, groups: 1, merge: false });
    expect(Array.from(target)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test("repeats become groups, or the last one wins", () => {
    const repeated = {
      ...meta,
      multistripe_reads2: 2,
      ysize: 6,
      repeat_stripe: 1,
      num_superstripe: 1,
      superstripe_step: 0,
    };
    const placement = placeStripes(repeated);
    expect([placement.lines, placement.repeats]).toEqual([2, 2]);
    const source = Float32Array.of(0, 0, 1, 2, 3, 4, 0, 0, 5, 6, 7, 8);
    const groups = new Float32Array(8);
    collate({ source, target: groups, placement, fastaxis: 1, slowaxis: 2, groups: 1, merge: false });
    expect(Array.from(groups)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const one = new Float32Array(4);
    collate({ source, target: one, placement, fastaxis: 1, slowaxis: 2, groups: 1, merge: true });
    expect(Array.from(one)).toEqual([5, 6, 7, 8]);
  });
});
