import { group, pixel } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import {
  correctDecay,
  type DecayArgs,
  type DecayRow,
  decayScale,
  extrapolateLast,
  flagFirstGroups,
  groupTerms,
} from "../src/kernel.js";

const { DO_NOT_USE: D, SATURATED: S } = group;

describe("flagging", () => {
  /** One pixel per row: GROUPDQ of its groups, one integration. */
  function flags(pixels: number[][]) {
    const ngroups = pixels[0].length;
    const npix = pixels.length;
    const dq = new Uint8Array(ngroups * npix);
    pixels.forEach((groups, p) => {
      groups.forEach((v, g) => {
        dq[g * npix + p] = v;
      });
    });
    const row = (p: number) => Array.from({ length: ngroups }, (_, g) => dq[g * npix + p]);
    return { dq, ngroups, npix, pixeldq: new Uint32Array(npix), row };
  }

  test("saturation from the group after the skipped ones but one on lowers the number", () => {
    // 4 groups are skipped, so group 6 must be good.
    const f = flags([
      [0, 0, 0, 0, 0, 0, 0, 0],
      [0, 0, 0, 0, 0, S, S, S],
      [0, 0, 0, S, S, S, S, S],
      [0, S, S, S, S, S, S, S],
      [S, S, S, S, S, S, S, S],
      [0, 0, 0, 0, 0, 0, S, S],
    ]);
    expect(flagFirstGroups(f.dq, f.pixeldq, 8, 6, 0, 1, 4)).toEqual({ lowered: 3, none: 1 });
    expect(f.row(0)).toEqual([D, D, D, D, 0, 0, 0, 0]);
    expect(f.row(1)).toEqual([D, D, D, 0, 0, S, S, S]);
    expect(f.row(2)).toEqual([D, 0, 0, S, S, S, S, S]);
    expect(f.row(3)).toEqual([0, S, S, S, S, S, S, S]);
    expect(f.row(4)).toEqual([S | D, S | D, S | D, S | D, S, S, S, S]);
    expect(f.row(5)).toEqual([D, D, D, D, 0, 0, S, S]);
    const e = pixel.FLUX_ESTIMATED;
    expect([...f.pixeldq]).toEqual([0, e, e, e, 0, 0]);
  });

  test("without saturation nothing is counted, also for no groups to skip", () => {
    const f = flags([[0, 0, 0]]);
    expect(flagFirstGroups(f.dq, f.pixeldq, 3, 1, 0, 1, 0)).toEqual({ lowered: 0, none: 0 });
    expect(f.row(0)).toEqual([0, 0, 0]);
  });

  test("only the integrations asked for; one of them is enough to mark the pixel", () => {
    const dq = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, S, S]);
    const pixeldq = new Uint32Array(1);
    expect(flagFirstGroups(dq, pixeldq, 4, 1, 1, 3, 1)).toEqual({ lowered: 1, none: 1 });
    expect([...dq]).toEqual([0, 0, 0, 0, D, 0, 0, 0, 0, 0, S, S]);
    expect(pixeldq[0]).toBe(pixel.FLUX_ESTIMATED);
  });

  test("an empty range of integrations", () => {
    expect(flagFirstGroups(new Uint8Array(4), new Uint32Array(1), 4, 1, 1, 1, 2)).toEqual({ lowered: 0, none: 0 });
  });
});

const ROW: DecayRow = {
  tau: 2,
  ascale: 0.5,
  pow: 2,
  illum_zp: 1,
  illum_slope: 0.1,
  illum2: 0.01,
  param3: 100,
  crossopt: 10,
  sat_zp: 1e-4,
  sat_slope: 1e-5,
  sat2: 1e-6,
  sat_mzp: 0.02,
  sat_rowterm: 3e-4,
  sat_scale: 1,
};

describe("decay", () => {
  test("terms of the number of groups, N = 5", () => {
    // 0.5 (1 + 0.5 + 0.25); 1e-4 + 5e-5 + 2.5e-5 + 3e-4
    const t = groupTerms(ROW, 5);
    expect(t.b1).toBeCloseTo(0.875, 12);
    expect(t.slope).toBeCloseTo(4.75e-4, 12);
  });

  test("scale of an unsaturated integration, both readings of equation 2", () => {
    // counts2 = 50: 0.875 * 2500 * (exp(-0.5) - 1) and 0.875 * 2500 / (exp(0.5) - 1)
    expect(decayScale(ROW, 0.875, 60, "documented")).toBeCloseTo(2187.5 * (0.6065306597126334 - 1), 8);
    expect(decayScale(ROW, 0.875, 60, "reciprocal")).toBeCloseTo(2187.5 / 0.6487212707001282, 8);
    for (const last of [10, 5, -3, Number.NaN, Infinity]) expect(decayScale(ROW, 1, last, "documented")).toBe(0);
  });

  test("last group from a line through the unsaturated inner groups", () => {
    const ramp = new Float32Array([0, 10, 20, 30, 60000, 60000, 60000]);
    const dq = new Uint8Array([0, 0, 0, 0, S, S, S]);
    expect(extrapolateLast(ramp, dq, 0, 1, 7)).toBeCloseTo(60, 10);
    expect(extrapolateLast(ramp, new Uint8Array([0, 0, 0, S, S, S, S]), 0, 1, 7)).toBeUndefined();
  });

  /** 3 integrations of 5 groups, 2 rows of 1 pixel; the ramp rises by 20 per group in row 1, by 30 in row 2. */
  function args(more: Partial<DecayArgs> = {}): DecayArgs {
    const data = new Float32Array(30);
    for (let i = 0; i < 3; i++) for (let g = 0; g < 5; g++) data.set([20 * g, 30 * g], (i * 5 + g) * 2);
    // The last group suffers from the last-frame effect and must not matter.
    data.set([1e4, -1e4], 8);
    return {
      data,
      groupdq: new Uint8Array(30),
      pixeldq: new Uint32Array(2),
      nints: 3,
      ngroups: 5,
      ny: 2,
      nx: 1,
      even: ROW,
      odd: { ...ROW, tau: 4, ascale: 1 },
      equation: "documented",
      unit: 1,
      framesPerGroup: 1,
      firstRow: 1,
      start: 0,
      end: 2,
      ...more,
    };
  }

  test("adds last * scale * exp(-T / tau) to later integrations, row 1 being odd", () => {
    const a = args();
    const before = a.data.slice();
    correctDecay(a);
    expect([...a.data.subarray(0, 10)]).toEqual([...before.subarray(0, 10)]);
    // Row 1 (odd): last 80, counts2 70, b1 1.75; row 2 (even): last 120, counts2 110, b1 0.875.
    const odd = 80 * 1.75 * 70 ** 2 * (Math.exp(-0.7) - 1);
    const even = 120 * 0.875 * 110 ** 2 * (Math.exp(-1.1) - 1);
    for (let i = 1; i < 3; i++)
      for (let g = 0; g < 5; g++) {
        const at = (i * 5 + g) * 2;
        expect(a.data[at]).toBeCloseTo(before[at] + odd * Math.exp(-(g + 1) / 4), -1);
        expect(a.data[at + 1] / (before[at + 1] + even * Math.exp(-(g + 1) / 2))).toBeCloseTo(1, 5);
      }
  });

  test("a table in percent, more frames per group, and a subarray that starts in an even row", () => {
    const a = args({ unit: 0.01, framesPerGroup: 3, firstRow: 2 });
    correctDecay(a);
    const first = 0.01 * 80 * 0.875 * 70 ** 2 * (Math.exp(-0.7) - 1);
    expect(a.data[10]).toBeCloseTo(first * Math.exp(-1 / 2), 1);
    expect(a.data[12]).toBeCloseTo(20 + first * Math.exp(-4 / 2), 1);
  });

  test("a saturated integration uses the other scale", () => {
    const a = args({ odd: ROW });
    // Pixel of row 1 saturates in group 4 of the first integration: fit of groups 2 and 3 only is not enough.
    a.groupdq[3 * 2] = S;
    correctDecay(a);
    const scale = 4.75e-4 * 80 + 0.02;
    expect(a.data[10]).toBeCloseTo(80 * scale * Math.exp(-0.5), 4);
  });

  test("reference pixels and NaN are left alone", () => {
    const a = args();
    a.pixeldq[0] = pixel.REFERENCE_PIXEL;
    a.data[7] = Number.NaN;
    const before = a.data.slice();
    correctDecay(a);
    expect(a.data[10]).toBe(before[10]);
    expect(a.data[11]).toBe(before[11]);
    expect(a.data[21]).not.toBe(before[21]);
  });
});
