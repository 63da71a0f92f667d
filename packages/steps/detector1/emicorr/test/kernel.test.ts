import { describe, expect, test } from "vitest";
import {
  bestShift,
  cleanIntegration,
  clippedMean,
  evaluateSpline,
  extraRowclocks,
  fitSpline,
  groupScatter,
  lineSlope,
  lookupTable,
  median,
  PhaseClock,
  PhaseFit,
  parabolaMinimum,
  phasedWave,
  phaseSteps,
  resample,
  roll,
  subtractTable,
  subtractWave,
  sumByPhase,
  waveformSpline,
} from "../src/kernel.js";

describe("spline", () => {
  test("reproduces a cubic everywhere: not-a-knot ends", () => {
    const cubic = (x: number) => 1 - 2 * x + 0.5 * x * x - 0.25 * x ** 3;
    const y = Float64Array.from({ length: 7 }, (_, i) => cubic(-1 + 0.5 * i));
    const s = fitSpline(-1, 0.5, y);
    for (let x = -1; x <= 2; x += 0.13) expect(evaluateSpline(s, x)).toBeCloseTo(cubic(x), 12);
  });

  test("four points", () => {
    const s = fitSpline(0, 1, Float64Array.of(0, 1, 8, 27));
    expect(evaluateSpline(s, 1.5)).toBeCloseTo(3.375, 12);
    expect(() => fitSpline(0, 1, Float64Array.of(0, 1, 2))).toThrow(/4 or more/);
  });

  test("passes through the points of a waveform, whose phases are bin centres", () => {
    const wave = Float64Array.of(0, 3, -1, 2, 5, -4);
    const s = waveformSpline(wave);
    for (let k = 0; k < 6; k++) expect(evaluateSpline(s, (k + 0.5) / 6)).toBeCloseTo(wave[k], 12);
    expect(evaluateSpline(s, 6.5 / 6)).toBeCloseTo(0, 12);
  });
});

describe("statistics", () => {
  test("median", () => {
    expect(median(Float64Array.of(5, 1, 3))).toBe(3);
    expect(median(Float64Array.of(5, 1, 3, 2))).toBe(2.5);
    expect(median(Float64Array.of(1, Number.NaN, 2))).toBeNaN();
    expect(median(new Float64Array(0))).toBeNaN();
    expect(median(Float32Array.of(9, 1, 5, 7), 3)).toBe(5);
    const many = Float64Array.from({ length: 1001 }, (_, i) => (i * 617) % 1001);
    expect(median(many)).toBe(500);
  });

  test("clipped mean drops far values, again after each pass", () => {
    const values = Float64Array.from([...Array.from({ length: 50 }, (_, i) => (i % 2 ? 1 : -1)), 30, 1000, Number.NaN]);
    expect(clippedMean(values, values.length)).toBeCloseTo(0, 12);
    expect(clippedMean(new Float64Array(0), 0)).toBeNaN();
  });

  test("scatter over groups", () => {
    const shape = { nints: 1, ngroups: 2, ny: 1, nx: 2 };
    expect([...groupScatter(new Float32Array([1, 5, 3, 5]), shape)]).toEqual([1, 0]);
  });

  test("vertex of a parabola on a periodic grid", () => {
    const around = (centre: number) =>
      Float64Array.from({ length: 50 }, (_, k) => {
        const d = k / 50 - centre - Math.round(k / 50 - centre);
        return d * d;
      });
    expect(parabolaMinimum(around(0.313))).toBeCloseTo(0.313, 10);
    // Across the wrap of the phase.
    expect(parabolaMinimum(around(0.004))).toBeCloseTo(0.004, 10);
    expect(parabolaMinimum(around(0.996))).toBeCloseTo(0.996, 10);
    expect(parabolaMinimum(new Float64Array(5).fill(Number.NaN))).toBe(0);
    expect(parabolaMinimum(new Float64Array(5).fill(2))).toBe(0);
  });
});

test("phase steps of a subarray", () => {
  expect(extraRowclocks(1024)).toBe(0);
  const shape = { nints: 2, ngroups: 3, ny: 64, nx: 72 };
  const t = { nsamples: 1, rowclocks: 28, frameclocks: 8512, period: 256 };
  // 64 * 28 + 960 * 7 = 8512 = 33.25 periods
  expect(phaseSteps(shape, t)).toEqual({ group: 0.25, integration: 0.75 + 33.25 });
});

/** A ramp of 100 counts per group with a pickup of the given amplitude and phase (turns). */
function pickup(shape: { nints: number; ngroups: number; ny: number; nx: number }, amplitude: number, phase: number) {
  const t = { nsamples: 1, rowclocks: 28, frameclocks: 0, period: 457.3 };
  const wave = Float64Array.from({ length: 64 }, (_, k) => {
    const x = (2 * Math.PI * (k + 0.5)) / 64;
    return Math.sin(x) + 0.3 * Math.cos(2 * x);
  });
  const spline = waveformSpline(wave);
  const steps = phaseSteps(shape, t);
  const npix = shape.ny * shape.nx;
  const data = new Float32Array(shape.nints * shape.ngroups * npix);
  for (let g = 0; g < shape.nints * shape.ngroups; g++) data.fill(100 * (g % shape.ngroups), g * npix, (g + 1) * npix);
  const clean = data.slice();
  const put = (integration: number, a: number) =>
    subtractWave({
      ...shape,
      ...t,
      data,
      integration,
      wave: spline,
      amplitude: a,
      phase: phase + integration * steps.integration,
      groupStep: steps.group,
    });
  for (let i = 0; i < shape.nints; i++) put(i, -amplitude);
  return { t, wave, spline, steps, data, clean };
}

describe("joint fit", () => {
  test("finds amplitude and phase of a pickup in straight ramps", () => {
    const shape = { nints: 2, ngroups: 8, ny: 32, nx: 40 };
    const { t, wave, spline, steps, data } = pickup(shape, 4, 0.37);
    const sums = sumByPhase(data, new Uint32Array(shape.ny * shape.nx), shape, t, wave.length);
    const fit = new PhaseFit(sums, spline, shape, steps, 500);
    const phase = fit.bestPhase([0, 1]);
    const d = phase - 0.37;
    expect(Math.abs(d - Math.round(d))).toBeLessThan(0.01);
    expect(fit.at(phase, [0, 1]).amplitude).toBeCloseTo(4, 1);
  });

  test("flagged pixels and bad columns are left out of the sums; no pixel at all gives no amplitude", () => {
    const shape = { nints: 1, ngroups: 4, ny: 2, nx: 16 };
    const { t, spline, steps, data } = pickup(shape, 1, 0);
    const dq = new Uint32Array(32);
    dq[0] = 1;
    const total = (n: Float64Array) => n.reduce((a, b) => a + b, 0);
    // 2 rows of 4 quads, two of them bad: 16 pixels, less those of more than twice the median scatter and the flagged one.
    const all = total(sumByPhase(data, new Uint32Array(32), shape, t, 8).n);
    expect(all).toBe(16);
    expect(total(sumByPhase(data, dq, shape, t, 8).n)).toBe(15);
    const none = sumByPhase(data, dq.fill(1), shape, t, 8);
    const fit = new PhaseFit(none, spline, shape, steps, 10);
    expect(fit.at(0.3, [0])).toEqual({ chisq: Number.NaN, amplitude: 0 });
    expect(fit.bestPhase([0])).toBe(0);
  });
});

describe("sequential fit", () => {
  test("nearest-neighbour resampling", () => {
    const w = Float64Array.of(0, 1, 2, 3);
    expect([...resample(w, 8)]).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect([...resample(w, 2)]).toEqual([0, 2]);
    expect(resample(w, 6.3)).toHaveLength(7);
  });

  test("shift, slope and table", () => {
    const wave = Float64Array.of(0, 5, 1, -2, -4, 0);
    expect([...roll(wave, 2)]).toEqual([-4, 0, 0, 5, 1, -2]);
    expect(bestShift(wave, roll(wave, 4))).toBe(4);
    expect(lineSlope(Float64Array.of(1, 2, 3), Float64Array.of(5, 8, 11))).toBeCloseTo(3, 12);
    const double = roll(wave, 1).map((v) => 2 * v);
    expect([...lookupTable(double, wave, 6, false)]).toEqual([...roll(wave, 1)]);
    const scaled = lookupTable(double, wave, 6, true);
    for (let i = 0; i < 6; i++) expect(scaled[i]).toBeCloseTo(double[i], 10);
    expect([...lookupTable(double, null, 6, true)]).toEqual([...double]);
  });

  test("phase of every pixel runs on over rows, groups and integrations", () => {
    const shape = { nints: 2, ngroups: 1, ny: 2, nx: 8 };
    const t = { nsamples: 1, rowclocks: 10, frameclocks: 4, period: 100 };
    const clock = new PhaseClock(shape, t, false);
    const out = new Float64Array(4);
    clock.next(out);
    expect([...out]).toEqual([0, 0.01, 0.1, 0.11]);
    clock.next(out);
    // 20 + 1022 * 7 + 4 = 7178
    expect(out[0]).toBeCloseTo(0.78, 9);
    const late = new PhaseClock(shape, t, true);
    late.next(out);
    // 1 + 3 + 2^32 = 4294967300
    expect(out[1]).toBe(0);
  });

  test("bins: phase 0 is in none, an upper edge belongs to its bin", () => {
    const phase = Float64Array.of(0, 0.1, 0.5, 0.6, 1 - 1e-12, 0.75);
    const values = Float64Array.of(1000, 1, 1, 5, 5, 9);
    expect([...phasedWave(phase, values, 2)]).toEqual([1 - (1 + 19 / 3) / 2, 19 / 3 - (1 + 19 / 3) / 2]);
  });

  test("cleaning removes slope, pattern and level", () => {
    const shape = { nints: 1, ngroups: 6, ny: 1, nx: 16 };
    const data = new Float32Array(96);
    for (let g = 0; g < 6; g++) for (let p = 0; p < 16; p++) data[g * 16 + p] = p * p + 7 * g * (p % 3);
    const out = new Float64Array(24);
    cleanIntegration(data, shape, out);
    for (const v of out) expect(v).toBeCloseTo(0, 3);
  });

  test("removes a pickup from the ramps", () => {
    const shape = { nints: 1, ngroups: 12, ny: 32, nx: 40 };
    const { t, wave, data, clean } = pickup(shape, 4, 0.2);
    const quad = shape.ngroups * shape.ny * 10;
    const values = new Float64Array(quad);
    const phase = new Float64Array(quad);
    cleanIntegration(data, shape, values);
    new PhaseClock(shape, t, false).next(phase);
    const table = lookupTable(phasedWave(phase, values, 100), wave, t.period, true);
    const rms = () => Math.sqrt(data.reduce((s, v, i) => s + (v - clean[i]) ** 2, 0) / data.length);
    const before = rms();
    subtractTable(data, phase, table, shape, t.period);
    expect(rms()).toBeLessThan(0.35 * before);
  });

  test("a table without a finite value changes nothing", () => {
    const data = new Float32Array([1, 2, 3, 4]);
    const shape = { nints: 1, ngroups: 1, ny: 1, nx: 4 };
    subtractTable(data, new Float64Array(1), Float64Array.of(Number.NaN), shape, 1);
    expect([...data]).toEqual([1, 2, 3, 4]);
  });
});
