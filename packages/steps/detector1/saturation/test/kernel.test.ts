import { describe, expect, test } from "vitest";
import {
  countFlagged,
  flagIntegrations,
  type Geometry,
  noMarks,
  prepareThresholds,
  readPattern,
  type SaturationPiece,
  spread,
} from "../src/kernel.js";

const geometry = (ny: number, nx: number): Geometry => ({ nx, rows: Int32Array.from({ length: ny }, (_, i) => i) });

/** One integration of a line of pixels, given pixel by pixel. */
function line(pixels: number[][], options: Partial<SaturationPiece> = {}): number[][] {
  const nx = pixels.length;
  const ngroups = pixels[0].length;
  const data = new Float32Array(nx * ngroups);
  pixels.forEach((ramp, x) => {
    ramp.forEach((v, g) => {
      data[g * nx + x] = v;
    });
  });
  const groupdq = options.groupdq ?? new Uint8Array(nx * ngroups);
  flagIntegrations({
    data,
    groupdq,
    ngroups,
    stride: nx,
    geometry: geometry(1, nx),
    threshold: new Float32Array(nx).fill(100),
    unchecked: new Uint8Array(nx),
    grow: 0,
    irs2: false,
    from: 0,
    to: 1,
    ...options,
  });
  return pixels.map((_, x) => Array.from({ length: ngroups }, (_, g) => groupdq[g * nx + x]));
}

describe("thresholds", () => {
  test("saturated once, saturated ever after; the threshold itself counts", () => {
    expect(line([[50, 100, 20, 30]])).toEqual([[0, 2, 2, 2]]);
  });

  test("NaN never saturates, zero and less is the floor", () => {
    expect(line([[Number.NaN, 0, -1, 1]])).toEqual([[0, 65, 65, 0]]);
  });

  test("unknown and unchecked thresholds are out of reach", () => {
    const t = prepareThresholds(Float32Array.of(100, Number.NaN, 100), Uint32Array.of(0, 0, 2097152 | 1));
    expect(Array.from(t.threshold)).toEqual([100, 65536, 65536]);
    expect(Array.from(t.unchecked)).toEqual([0, 1, 1]);
    // NO_SAT_CHECK = 2^21
    expect(t.flags[1]).toBe(2097152);
    expect(t.flags[2]).toBe(2097153);
  });
});

describe("spread", () => {
  const run = (ny: number, nx: number, at: number[], grow: number): number[] => {
    const marks = noMarks(geometry(ny, nx));
    for (const i of at) marks.pixel[i] = marks.row[Math.floor(i / nx)] = 1;
    const dq = new Uint8Array(ny * nx);
    spread(dq, 0, marks, 2, grow, geometry(ny, nx), new Uint8Array(ny * nx));
    return Array.from(dq);
  };
  test("one layer around a pixel, cut at the edge", () => {
    expect(run(3, 3, [4], 1)).toEqual([2, 2, 2, 2, 2, 2, 2, 2, 2]);
    expect(run(3, 4, [0], 1)).toEqual([2, 2, 0, 0, 2, 2, 0, 0, 0, 0, 0, 0]);
  });
  test("no layer, two layers, overlapping squares", () => {
    expect(run(1, 5, [2], 0)).toEqual([0, 0, 2, 0, 0]);
    expect(run(1, 8, [1, 4], 1)).toEqual([2, 2, 2, 2, 2, 2, 0, 0]);
    expect(run(4, 1, [0], 2)).toEqual([2, 2, 2, 0]);
  });
  test("neighbours of a saturated pixel, and of one that was flagged before", () => {
    expect(line([[1], [1], [200], [1]], { grow: 1 })).toEqual([[0], [2], [2], [2]]);
    const groupdq = Uint8Array.of(2, 0, 0, 0);
    expect(line([[1], [1], [1], [1]], { grow: 1, groupdq })).toEqual([[2], [2], [0], [0]]);
  });
});

describe("averaged groups", () => {
  // 4 frames: mean read 2.5, last read 4: the first group is diluted by 0.625, the second by 6.5 / 8 = 0.8125
  const pattern = readPattern(4, 4);

  test("a group above the diluted threshold before a saturated one is not used", () => {
    // group 2 at 82 >= 81.25; the step of 1 is too small for the rule of the second group
    expect(line([[81.5, 82, 150, 160]], { pattern })).toEqual([[0, 1, 2, 2]]);
    expect(line([[79, 81, 150, 160]], { pattern })).toEqual([[0, 0, 2, 2]]);
    expect(line([[82, 84, 86, 88]], { pattern })).toEqual([[0, 0, 0, 0]]);
  });

  test("one frame per group is not diluted", () => {
    expect(line([[98, 99, 150]], { pattern: readPattern(3, 1) })).toEqual([[0, 0, 2]]);
  });

  test("a jump in the second group that the first did not foretell", () => {
    // one frame of four at the threshold lifts group 2 by (100 - 10) / 4 = 22.5
    expect(line([[10, 33, 150, 160]], { pattern })).toEqual([[0, 1, 2, 2]]);
    expect(line([[10, 32, 150, 160]], { pattern })).toEqual([[0, 0, 2, 2]]);
    // group 1 extrapolates to (25 / 2.5) * 12 = 120 by group 3: it was foretold
    expect(line([[25, 60, 150, 160]], { pattern })).toEqual([[0, 0, 2, 2]]);
    // ... but not over a bias of 20: (5 / 2.5) * 12 + 20 = 44
    expect(line([[25, 60, 150, 160]], { pattern, bias: Float32Array.of(20) })).toEqual([[0, 1, 2, 2]]);
  });

  test("IRS2 flags the second group as saturated, with neighbours", () => {
    const got = line(
      [
        [1, 1, 1, 1],
        [10, 33, 150, 160],
      ],
      { pattern, irs2: true, grow: 1 },
    );
    expect(got).toEqual([
      [0, 2, 2, 2],
      [0, 2, 2, 2],
    ]);
  });
});

test("saturated pixels of the zero frame become 0", () => {
  const zeroframe = Float32Array.of(50, 200, 50, 50, -3);
  line([[1], [1], [1], [1], [1]], { zeroframe, grow: 1 });
  expect(Array.from(zeroframe)).toEqual([0, 0, 0, 50, 0]);
});

test("stripes have their own thresholds", () => {
  const groupdq = new Uint8Array(2);
  flagIntegrations({
    data: Float32Array.of(60, 60),
    groupdq,
    ngroups: 1,
    stride: 1,
    geometry: geometry(1, 1),
    threshold: Float32Array.of(100, 50),
    unchecked: new Uint8Array(2),
    grow: 0,
    irs2: false,
    from: 0,
    to: 2,
  });
  expect(Array.from(groupdq)).toEqual([0, 2]);
});

test("countFlagged counts pixels, not groups", () => {
  expect(countFlagged(Uint8Array.of(2, 65, 0, 2, 0, 64), 3)).toEqual({ saturated: 1, floor: 2 });
});
