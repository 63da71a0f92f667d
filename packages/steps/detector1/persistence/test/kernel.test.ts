import { group, pixel } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import {
  decayFraction,
  decayTraps,
  flagWindows,
  followTraps,
  groupSlopes,
  jumpCapture,
  mjdToEpoch,
  rampCapture,
  saturationCapture,
  type TrapArgs,
  type TrapFamily,
} from "../src/kernel.js";

const { SATURATED: S, PERSISTENCE: P, DO_NOT_USE: D, JUMP_DET: J } = group;

test("MJD to seconds since 1970", () => {
  expect(mjdToEpoch(40588)).toBe(86400);
});

describe("time window", () => {
  /** One pixel, groups 10 s apart from time 1000; returns the flags. */
  function run(flags: number[], { values = flags.map(() => 0), window = 25, ends = 0, ...more } = {}) {
    const dq = Uint8Array.from(flags);
    const state = new Float64Array([ends]);
    const options = { window, threshold: null, doNotUse: false, ...more };
    flagWindows(Float32Array.from(values), dq, state, flags.length, 1, 1000, 10, options);
    return { dq: [...dq], end: state[0] };
  }

  test("opens at the first saturated group and lasts for the window", () => {
    // Group 2 ends at 1020, the window at 1045; group 5 ends at 1050. Groups after the first saturated one count on.
    expect(run([0, S, S, S, S])).toEqual({ dq: [0, S | P, S | P, S | P, S], end: 0 });
  });

  test("a ramp saturated once only renews its window in every later group", () => {
    expect(run([S, 0, 0, 0, 0])).toEqual({ dq: [S | P, P, P, P, P], end: 1075 });
  });

  test("a window from an earlier exposure", () => {
    expect(run([0, 0, 0], { ends: 1020 })).toEqual({ dq: [P, P, 0], end: 0 });
    expect(run([0, 0, 0], { ends: 900 })).toEqual({ dq: [0, 0, 0], end: 0 });
  });

  test("a window that starts after the group is dropped", () => {
    expect(run([0, 0], { ends: 5000 })).toEqual({ dq: [0, 0], end: 0 });
  });

  test("threshold, DO_NOT_USE", () => {
    const r = run([0, 0, 0, 0, 0], { values: [5, 101, 5, 5, 5], threshold: 100, doNotUse: true } as never);
    expect(r.dq).toEqual([0, P | D, P | D, P | D, 0]);
  });
});

const FAMILY: TrapFamily = { capture0: 0.3, capture1: -0.01, capture2: 0.05, decay: -0.002 };

describe("traps", () => {
  test("decay", () => {
    expect(decayFraction(FAMILY, 100)).toBeCloseTo(1 - Math.exp(-0.2), 14);
    expect(decayFraction({ ...FAMILY, decay: 0 }, 100)).toBe(0);
    const filled = new Float32Array([10, 20, 30, 40]);
    decayTraps(filled, [FAMILY, { ...FAMILY, decay: 0 }], 2, 500);
    expect(filled[0]).toBeCloseTo(10 * Math.exp(-1), 5);
    expect([...filled.subarray(2)]).toEqual([30, 40]);
  });

  test("smooth capture", () => {
    // tau 100 s, dt 200 s: 40000 * 0.35 / 2 + 0.3 * 30000 * exp(-2) - 0.3 * 10000 = 5218.0175
    const smooth = 7000 + 9000 * 0.1353352832366127 - 3000;
    expect(rampCapture(FAMILY, 0.5, 0.01, 200)).toBeCloseTo(2 * 0.5 * 1e-4 * smooth, 12);
    expect(rampCapture(FAMILY, 0.5, 0, 200)).toBe(0);
  });

  test("capture while saturated", () => {
    // empty = 0.8 * 0.3 - (0.1 - 0.8 * 0.05) = 0.18
    expect(saturationCapture(FAMILY, 0.8, 0.1, 50, false)).toBeCloseTo(0.1 + 0.18 * (1 - Math.exp(-0.5)), 12);
    // saturated throughout: instantaneous traps 0.04, empty = 0.24
    expect(saturationCapture(FAMILY, 0.8, 99, 50, true)).toBeCloseTo(0.04 + 0.24 * (1 - Math.exp(-0.5)), 12);
  });

  test("capture after a cosmic ray", () => {
    expect(jumpCapture(FAMILY, 0.5, 100, 50)).toBeCloseTo(100 * (0.3 * (1 - Math.exp(-0.5)) + 0.05), 10);
    expect(jumpCapture(FAMILY, 0.5, -100, 50)).toBe(0);
  });
});

describe("slope", () => {
  test("leaves out saturated groups and jumps", () => {
    // Differences 10, 12, 500 (jump), saturated.
    const data = new Float32Array([0, 10, 22, 522, 60000]);
    const out = new Float32Array(1);
    groupSlopes(data, new Uint8Array([0, 0, 0, J, S]), 5, 1, out);
    expect(out[0]).toBe(11);
    groupSlopes(data, new Uint8Array([0, S, S, S, S]), 5, 1, out);
    expect(out[0]).toBe(0);
    groupSlopes(data, new Uint8Array(1), 1, 1, out);
    expect(out[0]).toBe(0);
  });
});

describe("an exposure", () => {
  function args(more: Partial<TrapArgs> = {}): TrapArgs {
    return {
      data: new Float32Array([0, 100, 200, 0, 100, 200]),
      groupdq: new Uint8Array(6),
      pixeldq: new Uint32Array(1),
      subtracted: new Float32Array(6),
      filled: new Float32Array([50]),
      density: new Float32Array([1]),
      fullWell: new Float32Array([50000]),
      families: [FAMILY],
      nints: 2,
      ngroups: 3,
      npix: 1,
      frameTime: 10,
      groupTime: 20,
      resetsAtStart: 1,
      resetsBetween: 1,
      cutoff: 5,
      ...more,
    };
  }

  test("released charge adds up over the groups; the state follows decay and capture", () => {
    const a = args();
    followTraps(a);
    const released = (g: number) => 50 * (1 - Math.exp(-0.04 * g));
    for (let g = 1; g <= 3; g++) expect(a.subtracted![g - 1]).toBeCloseTo(released(g), 4);
    expect(a.data[2]).toBeCloseTo(200 - released(3), 4);
    const slope = 100 / (50000 * 20);
    let state = 50 * Math.exp(-0.12) + rampCapture(FAMILY, 1, slope, 70);
    // Between the integrations: one reset of 10 s.
    state *= Math.exp(-0.02);
    expect(a.subtracted![3]).toBeCloseTo(state * (1 - Math.exp(-0.04)), 4);
    // The second integration has the same slope.
    expect(a.filled[0]).toBeCloseTo(state * Math.exp(-0.12) + rampCapture(FAMILY, 1, slope, 70), 4);
    expect(a.pixeldq[0]).toBe(pixel.PERSISTENCE);
  });

  test("below the cutoff nothing is flagged; without traps nothing changes", () => {
    const a = args({ cutoff: 40, filled: new Float32Array(1), density: new Float32Array(1), subtracted: null });
    followTraps(a);
    expect([...a.data]).toEqual([0, 100, 200, 0, 100, 200]);
    expect(a.pixeldq[0]).toBe(0);
    expect(a.filled[0]).toBe(0);
  });

  test("groups above the full well count as saturated time", () => {
    const a = args({ nints: 1, filled: new Float32Array(1), fullWell: new Float32Array([150]), subtracted: null });
    followTraps(a);
    const ramp = rampCapture(FAMILY, 1, 100 / (150 * 20), 50);
    expect(a.filled[0]).toBeCloseTo(saturationCapture(FAMILY, 1, ramp, 20, false), 6);
  });

  test("a cosmic ray fills traps", () => {
    const a = args({ nints: 1, filled: new Float32Array(1), subtracted: null });
    a.data.set([0, 100, 1200]);
    a.groupdq[2] = J;
    followTraps(a);
    const want = rampCapture(FAMILY, 1, 100 / (50000 * 20), 70) + jumpCapture(FAMILY, 1, 1000, 10);
    expect(a.filled[0]).toBeCloseTo(want, 3);
  });

  test("a pixel without a full well captures nothing from its ramp", () => {
    const a = args({ fullWell: new Float32Array(1), filled: new Float32Array(1) });
    followTraps(a);
    expect(a.filled[0]).toBe(0);
  });
});
