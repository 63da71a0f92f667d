import { group } from "@calwebb/dqflags";
import { describe, expect, test } from "vitest";
import { fitLikelihood, type LikelihoodOptions } from "../src/index.js";
import { combineIntegrations } from "../src/likelihood/combine.js";
import { covariance, evenReadTimes } from "../src/likelihood/covariance.js";
import { DEFAULT_THRESHOLDS, LikelihoodPixel } from "../src/likelihood/pixel.js";
import { root } from "../src/likelihood/root.js";
import { LikelihoodTile, TILE } from "../src/likelihood/tile.js";
import { allocatePlanes } from "../src/planes.js";

describe("covariance of the differences", () => {
  test("single reads: read noise couples neighbours, photon noise does not", () => {
    const c = covariance([[10], [20], [30], [50]]);
    expect([...c.deltaT]).toEqual([10, 10, 20]);
    expect([...c.alphaRead]).toEqual([2 / 100, 2 / 100, 2 / 400]);
    expect([...c.betaRead]).toEqual([-1 / 100, -1 / 200]);
    expect([...c.alphaPhoton]).toEqual([1 / 10, 1 / 10, 1 / 20]);
    expect([...c.betaPhoton]).toEqual([0, 0]);
    expect([...c.pairs]).toEqual([0, 0]);
  });

  test("averages of two reads", () => {
    // Reads at 1, 2 | 4, 5: means 1.5 and 4.5; tau = (3 t1 + t2) / 4 = 1.25 and 4.25.
    const c = covariance(evenReadTimes({ frameTime: 1, groupTime: 3, nframes: 2, groupgap: 1 }, 2));
    expect([...c.deltaT]).toEqual([3]);
    expect(c.alphaRead[0]).toBeCloseTo(1 / 9, 12);
    expect(c.alphaPhoton[0]).toBeCloseTo((1.25 + 4.25 - 3) / 9, 12);
  });

  test("the last digits are those of the reference implementation", () => {
    const timing = { frameTime: 10.7, groupTime: 85.6, nframes: 8, groupgap: 0 };
    const [first, ...rest] = evenReadTimes(timing, 4);
    expect(covariance([[first[0]], first.slice(1), ...rest]).betaPhoton[2]).toBe(0x1f66e0e5aea786 * 2 ** -62);
  });
});

describe("roots", () => {
  test("powers of whole numbers come back exactly, where the exponent is exact", () => {
    for (let k = 1; k < 200; k++) {
      expect(root(k ** 2, 2)).toBe(k);
      expect(root(k ** 4, 4)).toBe(k);
    }
  });

  test("square roots are rounded correctly", () => {
    for (let k = 1; k < 2000; k++) expect(root(k * 0.37, 2)).toBe(Math.sqrt(k * 0.37));
  });

  test("the exponent is the double next to 1/n: cubes come out a little below", () => {
    // 1/3 is rounded down by 1.85e-17, so that (2^150)^(1/3) is 2^50 (1 - 1.92e-15): seventeen steps of 2^-53.
    expect(root(2 ** 150, 3)).toBe(2 ** 50 * (1 - 17 * 2 ** -53));
  });

  test("outside the range of the correction the plain power is taken", () => {
    expect(root(0, 3)).toBe(0);
    expect(root(Number.POSITIVE_INFINITY, 3)).toBe(Number.POSITIVE_INFINITY);
    expect(root(-1, 3)).toBeNaN();
    expect(root(1e-300, 2)).toBeCloseTo(1e-150, 160);
  });
});

function stack(ramps: number[][], flags?: number[][], nints = 1): LikelihoodOptions {
  const ngroups = ramps[0].length;
  const ncols = ramps.length / nints;
  const data = new Float32Array(ramps.length * ngroups);
  const groupdq = new Uint8Array(data.length);
  ramps.forEach((ramp, r) => {
    const [i, p] = [Math.floor(r / ncols), r % ncols];
    ramp.forEach((v, g) => {
      data[(i * ngroups + g) * ncols + p] = v;
      groupdq[(i * ngroups + g) * ncols + p] = flags?.[r][g] ?? 0;
    });
  });
  return {
    ramp: { nints, ngroups, nrows: 1, ncols, data, groupdq, pixeldq: new Uint32Array(ncols) },
    timing: { frameTime: 10, groupTime: 10, nframes: 1, groupgap: 0 },
    gain: new Float32Array(ncols).fill(2),
    readnoise: new Float32Array(ncols).fill(4),
    chisq: true,
  };
}

const line = (n: number, rate = 20): number[] => Array.from({ length: n }, (_, g) => 100 + rate * g);

describe("likelihood fit", () => {
  test("a straight ramp gives its rate and chi squared 0", async () => {
    const { rate, chisq } = await fitLikelihood(stack([line(6)]));
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    expect(chisq[0]).toBeCloseTo(0, 9);
    expect(rate.err[0]).toBeCloseTo(Math.sqrt(rate.varPoisson[0] + rate.varRnoise[0]), 6);
  });

  test("without read noise the variance is that of counting photons", async () => {
    const options = stack([line(6)]);
    options.readnoise.fill(1e-3);
    const { rate } = await fitLikelihood(options);
    // rate / (gain * time), five differences of 10 s
    expect(rate.varPoisson[0]).toBeCloseTo(2 / (2 * 50), 6);
  });

  test("a jump is found, flagged and left out", async () => {
    const ramp = line(7).map((v, g) => (g >= 4 ? v + 900 : v));
    const { rate } = await fitLikelihood(stack([ramp]));
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    expect(rate.dq[0]).toBe(group.JUMP_DET);
  });

  test("flagged groups do not count; a ramp of nothing else has no rate", async () => {
    const flags = [
      [0, 0, 0, 0, 2, 2],
      [2, 2, 2, 2, 2, 2],
    ];
    const { rate } = await fitLikelihood(stack([line(6).map((v, g) => (g > 3 ? 5e4 : v)), line(6)], flags));
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    expect(rate.dq[0]).toBe(group.SATURATED);
    expect(rate.slope[1]).toBeNaN();
    expect(rate.dq[1]).toBe(group.SATURATED | group.DO_NOT_USE);
  });

  test("the zero frame becomes one more sample", async () => {
    const options = stack([line(5).map((v) => v + 15)]);
    options.timing = { frameTime: 5, groupTime: 20, nframes: 4, groupgap: 0 };
    // 1 DN/s from 100 at t = 0: frames at 5, 10, 15, 20 average to 112.5
    const values = [112.5, 132.5, 152.5, 172.5, 192.5];
    options.ramp.data.set(values);
    options.ramp.zeroframe = Float32Array.of(105);
    const { rate, chisq } = await fitLikelihood(options);
    expect(rate.slope[0]).toBeCloseTo(1, 6);
    expect(chisq[0]).toBeCloseTo(0, 6);
  });

  test("three groups are refused", async () => {
    await expect(fitLikelihood(stack([line(3)]))).rejects.toThrow(/needs 4 groups/);
  });

  test("unevenly spaced reads", async () => {
    const options = stack([[100, 120, 160, 220, 300]]);
    const { rate } = await fitLikelihood({ ...options, readTimes: [[10], [20], [40], [70], [110]] });
    expect(rate.slope[0]).toBeCloseTo(2, 6);
    await expect(fitLikelihood({ ...options, readTimes: [[10]] })).rejects.toThrow(/read times/);
  });
});

test("integrations are averaged by their variances; DO_NOT_USE stays only when all have it", () => {
  const ints = allocatePlanes(2);
  ints.slope.set([2, 2]);
  ints.varPoisson.set([1, 1]);
  ints.varRnoise.set([1, 3]);
  ints.dq.set([1, 4]);
  const rate = allocatePlanes(1);
  const sum = new Float32Array(1);
  combineIntegrations(ints, 2, rate, Float32Array.of(1.5, 2), sum, 0, 1);
  expect(rate.slope[0]).toBe(2);
  expect(rate.dq[0]).toBe(4);
  expect(sum[0]).toBe(3.5);
  // weights 2/3 and 1/3
  expect(rate.varPoisson[0]).toBeCloseTo(5 / 9, 6);
  expect(rate.varRnoise[0]).toBeCloseTo(4 / 9 + 3 / 9, 6);
});

test.each([2, 3, 5, 8])("%i integrations: the compiled average and its twin give the same bits", (nints) => {
  const npix = 2500;
  let s = nints;
  const next = (): number => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
  const odd = [Number.NaN, 0, Number.POSITIVE_INFINITY, 1e30, -2];
  const value = (scale: number): number =>
    next() < 0.03 ? odd[Math.floor(next() * odd.length)] : scale * (next() + 0.1);
  const ints = allocatePlanes(nints * npix);
  for (let i = 0; i < nints * npix; i++) {
    ints.slope[i] = value(20) - 3;
    ints.varPoisson[i] = value(2);
    ints.varRnoise[i] = value(1);
    ints.dq[i] = next() < 0.3 ? 1 : next() < 0.3 ? 0x80000004 : 0;
  }
  const none = new Float32Array(0);
  const [a, b] = [true, false].map((simd) => {
    const rate = allocatePlanes(npix);
    combineIntegrations(ints, nints, rate, none, none, 7, npix, simd);
    return rate;
  });
  // Every NaN is the same one.
  for (const name of ["slope", "dq", "varPoisson", "varRnoise", "err"] as const)
    expect(a[name].every((v, p) => Object.is(v, b[name][p]))).toBe(true);
  expect(a.slope.filter((v) => v > 0).length).toBeGreaterThan(2000);
});

test("the compiled kernel gives what the general fit gives", () => {
  let s = 7;
  const next = (): number => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return s / 2 ** 32;
  };
  const timing = { frameTime: 10, groupTime: 50, nframes: 4, groupgap: 1 };
  const ngroups = 8;
  const c = covariance(evenReadTimes(timing, ngroups));
  const ncols = TILE;
  const ramp = {
    nints: 1,
    ngroups,
    nrows: 1,
    ncols,
    data: new Float32Array(ngroups * ncols),
    groupdq: new Uint8Array(ngroups * ncols),
    pixeldq: new Uint32Array(ncols),
  };
  for (let p = 0; p < ncols; p++) {
    let v = 500;
    for (let g = 0; g < ngroups; g++) {
      v += 30 + 8 * (next() + next() + next() - 1.5) + (p % 10 === 3 && g === 5 ? 800 : 0);
      ramp.data[g * ncols + p] = v;
      if (p % 7 === 2 && g === 2) ramp.groupdq[g * ncols + p] = 1;
    }
  }
  const gain = new Float32Array(ncols).fill(1.7);
  const noise = new Float32Array(ncols).fill(9);
  const tile = new LikelihoodTile(c);
  tile.load(ramp, 0, 0, ncols, undefined, 4);
  tile.fit(gain, noise, undefined, 0, ncols, DEFAULT_THRESHOLDS, true);
  const pixel = new LikelihoodPixel(c);
  pixel.gain = gain[0];
  pixel.noise = noise[0] / Math.SQRT2;
  let jumps = 0;
  for (let p = 0; p < ncols; p++) {
    for (let i = 0; i < c.n; i++) {
      pixel.diffs[i] = Math.fround(ramp.data[(i + 1) * ncols + p] - ramp.data[i * ncols + p]) / c.deltaT[i];
      pixel.use[i] = ramp.groupdq[i * ncols + p] | ramp.groupdq[(i + 1) * ncols + p] ? 0 : 1;
    }
    const before = pixel.use.slice();
    const guess = Math.max(0, pixel.findJumps(DEFAULT_THRESHOLDS));
    pixel.fit(guess, false);
    pixel.finish(guess);
    const jumped = pixel.use.some((u, i) => u !== before[i]);
    jumps += jumped ? 1 : 0;
    expect(tile.regular[p] === 0, `pixel ${p}`).toBe(jumped);
    if (jumped) continue;
    const want = [pixel.rate, pixel.uncertainty, pixel.varPoisson, pixel.varRead, pixel.chisq];
    want.forEach((w, r) => {
      expect(Math.abs(tile.out[r * TILE + p] - w)).toBeLessThan(1e-6 * Math.abs(w) + 1e-9);
    });
  }
  expect(jumps).toBeGreaterThan(20);
});
