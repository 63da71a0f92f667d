import { describe, expect, test } from "vitest";
import {
  clearZeroFrame,
  flaggedElsewhere,
  flagRows,
  type Geometry,
  readPattern,
  rowsAround,
  type SaturationPiece,
} from "../src/kernel.js";

const geometry = (ny: number, nx: number): Geometry => ({ nx, rows: Int32Array.from({ length: ny }, (_, i) => i) });

/** A piece with all rows of planes of nx pixels, nothing flagged, thresholds of 100. */
function piece(data: Float32Array, nx: number, ngroups: number, more: Partial<SaturationPiece> = {}): SaturationPiece {
  const stride = more.stride ?? data.length / ngroups / (more.nints ?? 1);
  const ny = stride / nx;
  const where = more.geometry ?? geometry(ny, nx);
  const n = where.rows.length * nx;
  return {
    data,
    groupdq: new Uint8Array(data.length),
    pixeldq: new Uint32Array(stride),
    nints: 1,
    ngroups,
    stride,
    geometry: where,
    threshold: new Float32Array(n).fill(100),
    refdq: new Uint32Array(n),
    grow: 0,
    irs2: false,
    from: 0,
    to: where.rows.length,
    before: new Uint8Array(0),
    after: new Uint8Array(0),
    ...more,
  };
}

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
  const p = piece(data, nx, ngroups, options);
  flagRows(p);
  return pixels.map((_, x) => Array.from({ length: ngroups }, (_, g) => p.groupdq[g * nx + x]));
}

describe("thresholds", () => {
  test("saturated once, saturated ever after; the threshold itself counts", () => {
    expect(line([[50, 100, 20, 30]])).toEqual([[0, 2, 2, 2]]);
  });

  test("NaN never saturates, zero and less is the floor", () => {
    expect(line([[Number.NaN, 0, -1, 1]])).toEqual([[0, 65, 65, 0]]);
  });

  test("unknown and unchecked thresholds are out of reach and flagged NO_SAT_CHECK", () => {
    // NO_SAT_CHECK = 2^21
    const refdq = Uint32Array.of(4, 0, 2097152 | 1);
    const pixeldq = Uint32Array.of(0, 0x80000000, 0);
    const threshold = Float32Array.of(100, Number.NaN, 100);
    expect(line([[150], [65535], [65535]], { threshold, refdq, pixeldq })).toEqual([[2], [0], [0]]);
    expect([...pixeldq]).toEqual([4, 0x80000000 + 2097152, 2097153]);
    expect(threshold[1]).toBeNaN();
  });
});

describe("spread", () => {
  const run = (ny: number, nx: number, at: number[], grow: number): number[] => {
    const data = new Float32Array(ny * nx).fill(1);
    for (const i of at) data[i] = 200;
    const p = piece(data, nx, 1, { grow });
    flagRows(p);
    return Array.from(p.groupdq);
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

test.each([true, false])("saturated pixels of the zero frame become 0, SIMD %s", (simd) => {
  const zeroframe = Float32Array.of(9, 9, 9, 9, 9, 50, 200, 50, 50, -3);
  const { threshold, refdq } = piece(new Float32Array(5), 5, 1);
  clearZeroFrame({ zeroframe, threshold, refdq, stride: 5, geometry: geometry(1, 5), grow: 1, integration: 1, simd });
  expect(Array.from(zeroframe)).toEqual([9, 9, 9, 9, 9, 0, 0, 0, 50, 0]);
});

test("stripes have their own thresholds and flags", () => {
  const p = piece(Float32Array.of(60, 60), 1, 1, {
    nints: 2,
    threshold: Float32Array.of(100, 50),
    refdq: Uint32Array.of(4, 8),
    pixeldq: new Uint32Array(2),
  });
  flagRows(p);
  expect(Array.from(p.groupdq)).toEqual([0, 2]);
  expect(Array.from(p.pixeldq)).toEqual([4, 8]);
});

test("pixels are counted, not groups; those of left out rows apart", () => {
  const p = piece(Float32Array.of(200, 1, 0, 200, 0, 1), 3, 2);
  expect(flagRows(p)).toEqual({ saturated: 1, floor: 2 });
  const dq = Uint8Array.of(2, 65, 0, 2, 0, 64);
  expect(flaggedElsewhere(dq, 3, { nx: 1, rows: Int32Array.of(1) })).toEqual({ saturated: 1, floor: 1 });
});

describe("pieces, blocks and kernels", () => {
  const [nints, ngroups, ny, nx] = [2, 6, 150, 37];
  const size = ny * nx;

  /** An exposure with stars that saturate in different groups, odd values and flags from before. */
  function exposure(irs2: boolean, grow: number): SaturationPiece {
    let s = 7;
    const next = (): number => {
      s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
      return s / 2 ** 32;
    };
    const rate = Float32Array.from({ length: size }, () => (next() < 0.03 ? 10 + next() * 60 : next() * 8));
    const data = new Float32Array(nints * ngroups * size);
    for (let i = 0; i < data.length; i++) {
      const g = Math.floor(i / size) % ngroups;
      data[i] = next() < 0.01 ? -5 * Math.round(next()) : 5 + rate[i % size] * (g + 1) + 3 * next();
      if (next() < 0.003) data[i] = Number.NaN;
    }
    const more = {
      groupdq: Uint8Array.from(data, () => (next() < 0.002 ? 2 : next() < 0.004 ? 1 : 0)),
      threshold: Float32Array.from({ length: size }, () => (next() < 0.01 ? Number.NaN : 90 + 20 * next())),
      refdq: Uint32Array.from({ length: size }, () => (next() < 0.01 ? 2097152 : 0)),
      bias: Float32Array.from({ length: size }, next),
    };
    return piece(data, nx, ngroups, { ...more, nints, stride: size, grow, irs2, pattern: readPattern(ngroups, 4) });
  }

  test.each([
    [false, 0],
    [false, 1],
    [false, 3],
    [true, 1],
    [true, 20],
  ])("give the same flags however the rows are cut; IRS2 %s, %i layers", (irs2, grow) => {
    const whole = exposure(irs2, grow);
    const totals = flagRows(whole);
    expect(new Set(whole.groupdq).size).toBeGreaterThan(4);
    for (const simd of [true, false]) {
      const cut = exposure(irs2, grow);
      const pieces = [0, 11, 64, 65, 149].map((from, i, all) => {
        const to = all[i + 1] ?? ny;
        return { ...cut, from, to, simd, ...rowsAround(cut.groupdq, size, cut.geometry, grow, from, to) };
      });
      // In any order.
      const found = [3, 0, 4, 2, 1].map((i) => flagRows(pieces[i]));
      expect(cut.groupdq).toEqual(whole.groupdq);
      expect(cut.pixeldq).toEqual(whole.pixeldq);
      expect(found.reduce((n, f) => n + f.saturated, 0)).toBe(totals.saturated);
      expect(found.reduce((n, f) => n + f.floor, 0)).toBe(totals.floor);
    }
  });
});
