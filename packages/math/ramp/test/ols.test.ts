import { group, pixel } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import { allSaturated, excludeGroups, fitOls, type OlsInput, usableGroups } from "../src/index.js";
import { groupNoise } from "../src/ols/setup.js";

/** One pixel per column: columns of [integration][group] values and flags. */
function ramps(
  data: number[][][],
  flags?: number[][][],
  more: Partial<OlsInput> & { dark?: number; zeroframe?: number[][]; pixeldq?: number } = {},
): OlsInput {
  const ncols = data.length;
  const nints = data[0].length;
  const ngroups = data[0][0].length;
  const n = nints * ngroups * ncols;
  const values = new Float32Array(n);
  const dq = new Uint8Array(n);
  for (let p = 0; p < ncols; p++)
    for (let i = 0; i < nints; i++)
      for (let g = 0; g < ngroups; g++) {
        values[(i * ngroups + g) * ncols + p] = data[p][i][g];
        dq[(i * ngroups + g) * ncols + p] = flags?.[p][i][g] ?? 0;
      }
  const { dark, zeroframe, pixeldq, ...rest } = more;
  return {
    ramp: {
      nints,
      ngroups,
      nrows: 1,
      ncols,
      data: values,
      groupdq: dq,
      pixeldq: new Uint32Array(ncols).fill(pixeldq ?? 0),
      averageDark: dark === undefined ? undefined : new Float32Array(ncols).fill(dark),
      zeroframe: zeroframe === undefined ? undefined : Float32Array.from(zeroframe.flat()),
    },
    timing: { frameTime: 2, groupTime: 10, nframes: 4, groupgap: 1 },
    gain: new Float32Array(ncols).fill(2),
    // 6 electrons in a group of four frames.
    readnoise: new Float32Array(ncols).fill((6 * Math.sqrt(8)) / 2),
    ...rest,
  };
}

const SAT = group.SATURATED;
const DNU = group.DO_NOT_USE;
const JUMP = group.JUMP_DET;

describe("a clean ramp", () => {
  test("slope, variances and error follow the formulas", async () => {
    const { rate, rateints } = await fitOls(ramps([[[100, 120, 140, 160, 180]]], undefined, { dark: 0.5 }));
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    // 12 * 6^2 / ((125 - 5) * 2^2 * 10^2)
    expect(rate.varRnoise[0]).toBeCloseTo(432 / 48000, 8);
    // (2 + 0.5) / (10 * 2 * 4)
    expect(rate.varPoisson[0]).toBeCloseTo(2.5 / 80, 8);
    expect(rate.err[0]).toBeCloseTo(Math.sqrt(432 / 48000 + 2.5 / 80), 7);
    expect(rateints.err[0]).toBe(rate.err[0]);
    expect(rate.dq[0]).toBe(0);
  });

  test("an infinite count leaves no rate, but the variances of the ramp", async () => {
    const { rate } = await fitOls(
      ramps([[[100, 120, Number.POSITIVE_INFINITY, 160, 180]], [[100, 120, 140, Number.NEGATIVE_INFINITY, 180]]]),
    );
    expect([...rate.slope]).toEqual([Number.NaN, Number.NaN]);
    expect(rate.varRnoise[0]).toBeCloseTo(432 / 48000, 8);
    expect([...rate.dq]).toEqual([0, 0]);
  });

  test("two integrations of the same ramp halve the variances", async () => {
    const one = await fitOls(ramps([[[100, 120, 140, 160, 180]]]));
    const two = await fitOls(
      ramps([
        [
          [100, 120, 140, 160, 180],
          [300, 320, 340, 360, 380],
        ],
      ]),
    );
    expect(two.rate.varPoisson[0]).toBeCloseTo(one.rate.varPoisson[0] / 2, 9);
    expect(two.rate.varRnoise[0]).toBeCloseTo(one.rate.varRnoise[0] / 2, 9);
    expect([...two.rateints.slope].map((v) => Math.fround(v))).toEqual([2, 2]);
  });

  test("a negative rate has no photon noise", async () => {
    const { rate } = await fitOls(ramps([[[180, 160, 140, 120]]]));
    expect(rate.slope[0]).toBeCloseTo(-2, 6);
    expect(rate.varPoisson[0]).toBe(0);
    expect(rate.err[0]).toBeCloseTo(Math.sqrt(rate.varRnoise[0]), 7);
  });

  test("a bright ramp hangs on its ends, a faint one on all groups", async () => {
    // Signal to noise above 100: P = 10, and the bent middle no longer counts.
    const bright = await fitOls(ramps([[[0, 1e4, 1e4, 1e4, 4e4]]]));
    expect(bright.rate.slope[0]).toBeGreaterThan(999);
    const faint = await fitOls(ramps([[[0, 1, 1, 1, 4]]]));
    // unweighted: sum (g - 2) y / 10 = (0*-2 - 1 + 0 + 1 + 8) / 10 per group of 10 s
    expect(faint.rate.slope[0]).toBeCloseTo(0.08, 7);
  });
});

describe("segments", () => {
  test("a jump parts the ramp; its group starts the second segment", async () => {
    const { rate, segments } = await fitOls(ramps([[[0, 20, 40, 540, 560, 580]]], [[[0, 0, 0, JUMP, 0, 0]]]), {
      segments: true,
    });
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    expect(rate.dq[0]).toBe(pixel.JUMP_DET);
    expect(segments?.nsegments).toBe(2);
    expect(segments?.ncrs).toBe(1);
    expect(segments?.crmag[0]).toBe(500);
    expect([...(segments?.slope ?? [])].map((v) => Math.fround(v))).toEqual([2, 2]);
    // Lines through (0, 0) and through group 3 at 540: 540 - 3 * 20.
    expect(segments?.yint[0]).toBeCloseTo(0, 5);
    expect(segments?.yint[1]).toBeCloseTo(480, 4);
    // First group at 2.5 / 5 of a group time after the start.
    expect(segments?.pedestal[0]).toBeCloseTo(0 - 2 * 0.5, 6);
    // Both have three groups: equal weights, half the variance of one.
    expect(rate.varRnoise[0]).toBeCloseTo((segments?.varRnoise[0] ?? 0) / 2, 9);
  });

  test("lone groups are left out when there is a longer segment", async () => {
    const { rate, segments } = await fitOls(ramps([[[900, 0, 20, 40, 0]]], [[[0, DNU, 0, 0, DNU]]]), {
      segments: true,
    });
    expect(segments?.nsegments).toBe(1);
    expect(rate.slope[0]).toBeCloseTo(2, 6);
  });

  test("two groups: their difference", async () => {
    const { rate } = await fitOls(ramps([[[100, 130]]]));
    expect(rate.slope[0]).toBeCloseTo(3, 6);
    expect(rate.varRnoise[0]).toBeCloseTo((12 * 0.36) / (6 * 4), 7);
  });

  test("NaN in the middle counts as 0 counts, at the end as a bright ramp", async () => {
    const { rate } = await fitOls(ramps([[[0, Number.NaN, 40]], [[0, 20, Number.NaN]]]));
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    expect(rate.slope[1]).toBeCloseTo(0, 6);
  });
});

describe("saturation and lone groups", () => {
  test("all groups saturated: NaN, SATURATED and DO_NOT_USE", async () => {
    const { rate, rateints } = await fitOls(ramps([[[1, 2, 3]]], [[[SAT, SAT, SAT]]]));
    expect(rate.slope[0]).toBeNaN();
    expect(rate.dq[0]).toBe(SAT | DNU);
    expect(rateints.err[0]).toBe(0);
  });

  test("saturated in one integration only: the other one counts, SATURATED is kept", async () => {
    const flags = [
      [
        [SAT, SAT, SAT],
        [0, 0, 0],
      ],
    ];
    const { rate, rateints } = await fitOls(
      ramps(
        [
          [
            [1, 2, 3],
            [0, 20, 40],
          ],
        ],
        flags,
      ),
    );
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    expect(rate.dq[0]).toBe(SAT);
    expect([...rateints.dq]).toEqual([SAT | DNU, 0]);
    expect(rateints.slope[0]).toBeNaN();
  });

  test("good first group, rest saturated: its mean time, or nothing when suppressed", async () => {
    const flags = [[[0, SAT, SAT]]];
    const kept = await fitOls(ramps([[[500, 9, 9]]], flags));
    // frames 1..4 of 2 s: mean (4 + 1) * 2 / 2 = 5 s
    expect(kept.rate.slope[0]).toBeCloseTo(100, 5);
    expect(kept.rate.dq[0]).toBe(SAT);
    const suppressed = await fitOls(ramps([[[500, 9, 9]]], flags, { suppressOneGroup: true }));
    expect(suppressed.rate.slope[0]).toBeNaN();
    expect(suppressed.rate.dq[0]).toBe(SAT | DNU);
  });

  test("nothing good but a zero frame: its frame time", async () => {
    const flags = [[[SAT, SAT, SAT]]];
    const { rate } = await fitOls(ramps([[[9, 9, 9]]], flags, { zeroframe: [[300]] }));
    expect(rate.slope[0]).toBeCloseTo(150, 5);
    const suppressed = await fitOls(ramps([[[9, 9, 9]]], flags, { zeroframe: [[300]], suppressOneGroup: true }));
    expect(suppressed.rate.slope[0]).toBeNaN();
  });

  test("a single group per integration", async () => {
    const { rate } = await fitOls(ramps([[[100]]]));
    expect(rate.slope[0]).toBeCloseTo(20, 6);
  });
});

describe("bad pixels", () => {
  test.each([0, -1, Number.NaN])("gain %f: NO_GAIN_VALUE and NaN", async (bad) => {
    const { rate } = await fitOls(ramps([[[0, 20, 40]]], undefined, { gain: Float32Array.of(bad) }));
    expect(rate.slope[0]).toBeNaN();
    expect(rate.dq[0]).toBe(pixel.NO_GAIN_VALUE | pixel.DO_NOT_USE);
    expect(rate.varRnoise[0]).toBe(0);
  });

  test("DO_NOT_USE and other pixel flags are carried", async () => {
    const bad = await fitOls(ramps([[[0, 20, 40]]], undefined, { pixeldq: pixel.DO_NOT_USE | pixel.DEAD }));
    expect(bad.rate.slope[0]).toBeNaN();
    expect(bad.rate.dq[0]).toBe(pixel.DO_NOT_USE | pixel.DEAD);
    const hot = await fitOls(ramps([[[0, 20, 40]]], undefined, { pixeldq: pixel.REFERENCE_PIXEL }));
    expect(hot.rate.slope[0]).toBeCloseTo(2, 6);
    expect(hot.rate.dq[0]).toBe(pixel.REFERENCE_PIXEL);
  });

  test("charge loss: the read noise is that of the whole ramp", async () => {
    const LOSS = group.CHARGELOSS | DNU;
    const data = [[[0, 20, 40, 60, 80, 100]]];
    const flags = [[[0, 0, 0, 0, LOSS, LOSS]]];
    const cut = await fitOls(ramps(data, [[[0, 0, 0, 0, DNU, DNU]]]));
    const restored = await fitOls(ramps(data, flags));
    expect(cut.rate.varRnoise[0]).toBeCloseTo(432 / (60 * 400), 8);
    expect(restored.rate.varRnoise[0]).toBeCloseTo(432 / (210 * 400), 8);
    expect(restored.rateints.varRnoise[0]).toBe(restored.rate.varRnoise[0]);
    expect(restored.rate.err[0]).toBe(cut.rate.err[0]);
  });

  test("results may take the place of the counts", async () => {
    const make = () => {
      const data = [0, 1].map((i) => [0, 1, 2].map((p) => [0, 20, 40, 60, 90 + i, 100 + p]));
      return ramps(
        data,
        [[[0], [0, 0, JUMP], [2, 2, 2, 2, 2, 2]], [[]]].map((i) =>
          [0, 1, 2].map((p) => [0, 0, 0, 0, 0, 0].map((_, g) => i[p]?.[g] ?? 0)),
        ),
      );
    };
    const kept = await fitOls(make());
    const input = make();
    const { rate, rateints } = await fitOls(input, { consume: true });
    expect(rateints.slope.buffer).toBe(input.ramp.data.buffer);
    expect(rate).toEqual(kept.rate);
    for (const name of ["slope", "dq", "varPoisson", "varRnoise", "err"] as const)
      expect([...rateints[name]]).toEqual([...kept.rateints[name]]);
    // Three groups are too few for five results.
    const short = ramps([[[0, 20, 40]]]);
    expect((await fitOls(short, { consume: true })).rateints.slope.buffer).not.toBe(short.ramp.data.buffer);
    expect([...short.ramp.data]).toEqual([0, 20, 40]);
  });

  test("wrong sizes are refused", async () => {
    await expect(fitOls(ramps([[[0, 1]]], undefined, { gain: new Float32Array(3) }))).rejects.toThrow(/gain: 3 pixels/);
  });
});

describe("the compiled fit of pixels with flags and its twin give the same bits", () => {
  const npix = 3000;

  function flagged(seed: number, nints: number, ngroups: number, more: object): OlsInput {
    let s = seed;
    const next = (): number => {
      s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
      return s / 2 ** 32;
    };
    const pick = (odd: number[], usual: () => number): number =>
      next() < 0.05 ? odd[Math.floor(next() * odd.length)] : usual();
    const n = nints * ngroups * npix;
    const data = new Float32Array(n);
    const groupdq = new Uint8Array(n);
    for (let p = 0; p < npix; p++) {
      const rate = next() < 0.3 ? 3000 * next() : 30 * next();
      const flags = [0, SAT, DNU, JUMP, group.PERSISTENCE, group.CHARGELOSS | DNU, group.AD_FLOOR | DNU];
      const share = next();
      for (let i = 0; i < nints; i++) {
        let saturated = false;
        for (let g = 0; g < ngroups; g++) {
          const at = (i * ngroups + g) * npix + p;
          data[at] = pick([Number.NaN, Number.POSITIVE_INFINITY, 0], () => rate * g + 20 * next());
          saturated ||= next() < 0.04;
          groupdq[at] = saturated ? SAT : next() < share ? flags[Math.floor(next() * flags.length)] : 0;
        }
      }
      // Every pixel has some flag.
      groupdq[Math.floor(next() * ngroups) * npix + p] |= JUMP;
    }
    const plane = (f: () => number): Float32Array => Float32Array.from({ length: npix }, f);
    return {
      ramp: {
        nints,
        ngroups,
        nrows: 3,
        ncols: npix / 3,
        data,
        groupdq,
        pixeldq: Uint32Array.from({ length: npix }, () => pick([1, 2, 0x80000000], () => 0)),
        averageDark: plane(next),
      },
      timing: { frameTime: 2, groupTime: 10, nframes: 4, groupgap: 1 },
      gain: plane(() => pick([0, -1, Number.NaN], () => 1 + next())),
      readnoise: plane(() => pick([0, Number.POSITIVE_INFINITY, Number.NaN], () => 5 + next())),
      ...more,
    };
  }

  test.each([
    [2, 10, { suppressOneGroup: true }],
    [1, 5, { suppressOneGroup: false }],
    [3, 7, { suppressOneGroup: true, groups: { first: 1, end: 6 } }],
    [2, 6, { suppressOneGroup: false, groups: { first: 2, end: 6 } }],
    [1, 40, { suppressOneGroup: true }],
  ])("%i integrations of %i groups, %j", async (nints, ngroups, more) => {
    const zero = Float32Array.from({ length: nints * npix }, (_, i) => (i % 3 === 0 ? 0 : 10 + (i % 7)));
    for (const zeroframe of [undefined, zero]) {
      const [a, b] = [true, false].map((simd) => {
        const input = flagged(nints + ngroups, nints, ngroups, { ...more, simd });
        return fitOls({ ...input, ramp: { ...input.ramp, zeroframe } });
      });
      for (const part of ["rate", "rateints"] as const)
        for (const name of ["slope", "dq", "varPoisson", "varRnoise", "err"] as const) {
          const [x, y] = [(await a)[part][name], (await b)[part][name]];
          expect(
            x.findIndex((v, p) => !Object.is(v, y[p])),
            `${part} ${name}`,
          ).toBe(-1);
        }
      expect((await a).rate.slope.filter((v) => v > 0).length).toBeGreaterThan(500);
    }
  });
});

describe("groups", () => {
  test("noise of a group", () => {
    const out = new Float32Array(1);
    groupNoise(out, Float32Array.of(1, 10), Float32Array.of(1, 2), 2, 1, 1);
    expect(out[0]).toBe(10);
  });

  test("leading and last groups that nobody can use are dropped", () => {
    // two pixels, five groups
    const dq = Uint8Array.of(DNU, DNU, DNU, DNU, 0, 0, 0, DNU, DNU, DNU);
    expect(usableGroups(dq, 1, 5, 2, false)).toEqual({ first: 2, end: 4 });
    expect(usableGroups(new Uint8Array(10).fill(DNU), 1, 5, 2, false)).toEqual({ empty: "all-flagged" });
    expect(usableGroups(Uint8Array.of(DNU, 0, DNU), 1, 3, 1, false)).toEqual({ empty: "too-few" });
  });

  test("fitting a range strips the jump of its first group", async () => {
    const flags = [[[DNU, JUMP, 0, 0, 0]]];
    const { rate } = await fitOls(ramps([[[9, 500, 520, 540, 560]]], flags, { groups: { first: 1, end: 5 } }));
    expect(rate.slope[0]).toBeCloseTo(2, 5);
    expect(rate.dq[0]).toBe(0);
    expect(rate.varRnoise[0]).toBeCloseTo(432 / (60 * 400), 8);
  });

  test("excluding groups and finding saturated stacks", () => {
    const dq = new Uint8Array(8);
    excludeGroups(dq, 1, 4, 2, 1, 2);
    expect([...dq]).toEqual([1, 1, 0, 0, 0, 0, 1, 1]);
    expect(allSaturated(Uint8Array.of(2, 3, 0, 0), 1, 2, 2, 0)).toBe(true);
    expect(allSaturated(Uint8Array.of(2, 1, 0, 0), 1, 2, 2, 0)).toBe(false);
  });
});
