import { describe, expect, test } from "vitest";
import {
  clipLimits,
  combineFlags,
  contains,
  type DetectionSettings,
  detectJumps,
  findJumps,
  flagAfterRange,
  flagCores,
  flagNeighbours,
  flagSnowballs,
  type JumpRamp,
  makeRing,
  medianGain,
  RingMean,
} from "../src/kernel.js";

const thresholds = { threshold: 4, thresholdThree: 5, thresholdTwo: 6 };
const settings: DetectionSettings = {
  ...thresholds,
  nframes: 1,
  singlePassFrom: 10,
  clipFrom: 100,
  clipOverIntegrations: true,
  neighbours: null,
  after: null,
};

/** One row of pixels. */
function ramp(...pixels: number[][]): JumpRamp {
  const ngroups = pixels[0].length;
  const data = new Float32Array(ngroups * pixels.length);
  for (const [p, values] of pixels.entries()) for (const [g, v] of values.entries()) data[g * pixels.length + p] = v;
  return { data, groupdq: new Uint8Array(data.length), nints: 1, ngroups, nrows: 1, ncols: pixels.length };
}

const ones = (n: number, value = 1): Float32Array => new Float32Array(n).fill(value);

describe("two-point differences", () => {
  test("jumps are found one after the other, the largest first", () => {
    const marks = new Uint8Array(6);
    const diffs = Float64Array.of(10, 10, 300, 10, 80, 10);
    expect(findJumps(diffs, 6, 25, thresholds, marks, new Float64Array(6))).toBe(true);
    expect([...marks]).toEqual([0, 0, 1, 0, 1, 0]);
    expect(diffs[2]).toBeNaN();
  });

  test("two differences are compared with the smaller one", () => {
    // sigma = sqrt(16 + 9) = 5: 16 + 6 * 5 = 46 is the limit.
    const limit = (value: number): boolean =>
      findJumps(Float64Array.of(16, value), 2, 9, thresholds, new Uint8Array(2), new Float64Array(2));
    expect(limit(46)).toBe(false);
    expect(limit(46.1)).toBe(true);
    expect(findJumps(Float64Array.of(16, Number.NaN), 2, 9, thresholds, new Uint8Array(2), new Float64Array(2))).toBe(
      false,
    );
  });

  test("equal differences, all of which are the largest, leave no level", () => {
    expect(findJumps(Float64Array.of(7, 7, 7, 7), 4, 0, thresholds, new Uint8Array(4), new Float64Array(4))).toBe(
      false,
    );
  });

  test("saturated groups are never flagged, and hide the difference after them", async () => {
    const r = ramp([0, 10, 20, 900, 910, 920], [0, 10, 20, 900, 910, 920]);
    r.groupdq[3 * 2] = 2;
    const out = await detectJumps(r, ones(2), ones(2, 5), settings);
    expect(out.jumps).toBe(1);
    expect([...r.groupdq]).toEqual([0, 0, 0, 0, 0, 0, 2, 4, 0, 0, 0, 0]);
  });

  test("gain scales counts to electrons", async () => {
    // 10 DN per group and a step of 40 DN: in electrons 20 and 80, sigma = sqrt(20 + (5 * 2)^2) = 11.
    const values = [0, 10, 20, 60, 70, 80];
    const low = ramp(values);
    await detectJumps(low, ones(1, 2), ones(1, 5), { ...settings, threshold: 5.4 });
    expect(low.groupdq[3]).toBe(4);
    const high = ramp(values);
    await detectJumps(high, ones(1, 2), ones(1, 5), { ...settings, threshold: 5.5 });
    expect(high.groupdq[3]).toBe(0);
  });

  test("a jump that is already flagged where nothing can be measured loses the flag", async () => {
    const r = ramp([0, 1, 2, 3, 4]);
    r.groupdq.set([0, 5, 6, 0, 0]);
    await detectJumps(r, ones(1), ones(1), settings);
    expect([...r.groupdq]).toEqual([0, 1, 2, 0, 0]);
  });

  test("with fewer than three usable groups nothing is searched", async () => {
    const r = ramp([0, 0, 9000, 9000]);
    r.groupdq.set([1, 1, 0, 0]);
    expect(await detectJumps(r, ones(1), ones(1), settings)).toEqual({ jumps: -99, searched: false, clipped: false });
    expect(r.groupdq[2]).toBe(0);
  });

  test("the result does not depend on how the pixels are cut", async () => {
    const make = (): JumpRamp => {
      const n = 3 * 6 * 40 * 30;
      const data = new Float32Array(n);
      let seed = 7;
      for (let i = 0; i < n; i++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        data[i] = (seed >>> 8) % 1000;
      }
      return { data, groupdq: new Uint8Array(n), nints: 3, ngroups: 6, nrows: 40, ncols: 30 };
    };
    const whole = make();
    const s = { ...settings, neighbours: { min: 1, max: 50 } };
    await detectJumps(whole, ones(1200), ones(1200, 50), s);
    const cut = make();
    const strips = {
      workers: 2,
      run: async <A, R>(task: { fn: (a: A) => R | Promise<R> }, pieces: readonly A[]): Promise<R[]> => {
        const out: R[] = [];
        for (const piece of pieces as readonly (A & { start: number; end: number })[])
          for (let y = piece.start; y < piece.end; y += 300)
            out.push(await task.fn({ ...piece, start: y, end: Math.min(piece.end, y + 300) }));
        return out;
      },
    };
    const shared = (a: Uint8Array): Uint8Array => new Uint8Array(new SharedArrayBuffer(a.length));
    const data = new Float32Array(new SharedArrayBuffer(cut.data.byteLength));
    data.set(cut.data);
    const r = { ...cut, data, groupdq: shared(cut.groupdq) };
    await detectJumps(r, ones(1200), ones(1200, 50), s, { executor: strips });
    expect([...r.groupdq]).toEqual([...whole.groupdq]);
    expect(whole.groupdq.some((f) => f !== 0)).toBe(true);
  });
});

describe("what follows a jump", () => {
  test("neighbours stay inside the row and spare saturated pixels", () => {
    const dq = new Uint8Array(2 * 9);
    dq[9 + 1] = 2;
    flagNeighbours(dq, { plane: Int32Array.of(1, 1), pixel: Int32Array.of(2, 4) }, 3, 3);
    expect([...dq.subarray(0, 9)]).toEqual(new Array(9).fill(0));
    expect([...dq.subarray(9)]).toEqual([0, 2, 0, 4, 0, 4, 0, 4, 0]);
  });

  test("large jumps flag the groups after them", () => {
    const r = ramp([0, 0, 100, 100, 100, 100, 100]);
    r.groupdq[2] = 4;
    r.groupdq[4] = 2;
    const args = {
      ...r,
      npix: 1,
      start: 0,
      end: 1,
      gain: ones(1),
      readnoise: ones(1),
      nframes: 1,
      mode: "iterative" as const,
      neighbours: null,
      ...thresholds,
    };
    flagAfterRange({ ...args, electrons1: 100, groups1: 3, electrons2: 1000, groups2: 9 });
    expect([...r.groupdq]).toEqual([0, 0, 4, 4, 2, 4, 0]);
  });

  test("flags of all groups together, whether or not four can be taken at once", () => {
    for (const [npix, from, to, shift] of [
      [16, 4, 12, 0],
      [16, 4, 12, 1],
      [15, 0, 15, 0],
      [20, 3, 18, 0],
    ]) {
      const dq = new Uint8Array(new ArrayBuffer(3 * npix + 4), shift, 3 * npix);
      for (let i = 0; i < dq.length; i++) dq[i] = (i * i) % 7 === 3 ? 1 << (i % 8) : 0;
      const out = new Uint8Array(npix).fill(9);
      combineFlags(dq, npix, from, to, out);
      for (let p = from; p < to; p++) expect(out[p - from]).toBe(dq[p] | dq[npix + p] | dq[2 * npix + p]);
      expect(out[to - from] ?? 9).toBe(9);
    }
  });

  test("the median gain is that of float32", () => {
    expect(medianGain(Float32Array.of(Number.NaN, 3, 1))).toBe(2);
    expect(medianGain(Float32Array.of(Number.NaN))).toBeNaN();
  });
});

describe("clipping", () => {
  test("limits stop moving when nothing more is left out", () => {
    const values = Float64Array.from({ length: 21 }, (_, i) => (i === 20 ? 1000 : i % 2));
    const [low, high] = clipLimits(values, 21, 3);
    // Ten zeros and ten ones remain: median 0.5, standard deviation 0.5.
    expect([low, high]).toEqual([-1, 2]);
    expect(clipLimits(values, 0, 3)).toEqual([Number.NaN, Number.NaN]);
  });
});

describe("snowballs", () => {
  const base = {
    minSaturatedArea: 1,
    minJumpArea: 5,
    expandFactor: 2,
    needSaturation: true,
    minCoreAxis: 2.5,
    coreGrowth: 4,
    edge: 2,
    maxWidth: 400,
    nextGroups: 3,
  };
  /** A 5 x 5 square of jumps at (10, 10) in group 1 of 3. */
  function square(): { groupdq: Uint8Array; integration: number; ngroups: number; nrows: number; ncols: number } {
    const groupdq = new Uint8Array(3 * 441);
    for (let y = 8; y < 13; y++) for (let x = 8; x < 13; x++) groupdq[441 + y * 21 + x] = 4;
    return { groupdq, integration: 0, ngroups: 3, nrows: 21, ncols: 21 };
  }

  test("without a core a region is no snowball", () => {
    const a = square();
    expect(flagSnowballs({ ...a, settings: base }).snowballs).toBe(0);
    expect(flagSnowballs({ ...a, settings: { ...base, needSaturation: false } }).snowballs).toBe(1);
  });

  test("a core that saturates in the next group counts; the ellipse grows", () => {
    const a = square();
    a.groupdq[2 * 441 + 10 * 21 + 10] = 2;
    const before = a.groupdq.reduce((n, f) => n + (f & 4 ? 1 : 0), 0);
    expect(flagSnowballs({ ...a, settings: base })).toMatchObject({ snowballs: 1, cores: { count: 0 } });
    expect(a.groupdq.reduce((n, f) => n + (f & 4 ? 1 : 0), 0)).toBeGreaterThan(before);
    expect(a.groupdq[441 + 10 * 21 + 14]).toBe(4);
  });

  test("large cores saturate to the end and are flagged in the next integration", () => {
    const a = square();
    for (let g = 1; g < 3; g++)
      for (let y = 8; y < 13; y++) for (let x = 8; x < 13; x++) a.groupdq[g * 441 + y * 21 + x] = 2 | 8;
    const { cores } = flagSnowballs({ ...a, settings: base });
    expect(cores.count).toBe(3);
    expect(a.groupdq[2 * 441 + 10 * 21 + 13]).toBe(2);
    expect(a.groupdq[10 * 21 + 10]).toBe(0);
    const next = new Uint8Array(3 * 441);
    flagCores(next, 0, 3, 21, 21, cores, 2);
    expect(next[441 + 10 * 21 + 10]).toBe(4);
    expect(next[2 * 441 + 10 * 21 + 10]).toBe(0);
  });

  test("a point on the rim belongs to an ellipse", () => {
    const event = { x: 5, y: 5, minor: 4, major: 8, angle: 0 };
    expect(contains(event, 9, 5)).toBe(true);
    expect(contains(event, 5, 7.1)).toBe(false);
  });
});

describe("showers", () => {
  test("the ring has the pixels between its radii", () => {
    const ring = makeRing(1, 2.6);
    expect([ring.size, ring.half]).toEqual([36, 4]);
  });

  test("the mean over a ring ignores bad pixels and counts 0 beyond the edge", () => {
    const ring = makeRing(1, 0);
    expect(ring.size).toBe(4);
    const out = new Float64Array(9);
    new RingMean(3, 3, ring).mean(Float32Array.of(1, 2, 3, 4, 5, 6, 7, Number.NaN, 9), out);
    expect(out[4]).toBeCloseTo((2 + 4 + 6) / 3, 12);
    expect(out[0]).toBeCloseTo((2 + 4) / 4, 12);
    expect(out[7]).toBeNaN();
  });
});

test("ring means of all pixels, one by one", () => {
  const image = Float32Array.from({ length: 11 * 13 }, (_, i) => (i % 17 === 5 ? Number.NaN : Math.sin(i * i) * 10));
  for (const [nrows, ncols] of [
    [11, 13],
    [13, 11],
    [47, 3],
    [1, 143],
  ])
    for (const [inner, width] of [
      [0, 1],
      [1, 2.6],
      [2, 4.5],
    ]) {
      const ring = makeRing(inner, width);
      const out = new Float64Array(nrows * ncols);
      new RingMean(nrows, ncols, ring).mean(image.subarray(0, nrows * ncols), out);
      for (let y = 0; y < nrows; y++)
        for (let x = 0; x < ncols; x++) {
          let sum = 0;
          let good = ring.size;
          for (let k = 0; k < ring.dy.length; k++)
            for (let c = x + ring.from[k]; c <= x + ring.to[k]; c++) {
              const r = y + ring.dy[k];
              if (r < 0 || r >= nrows || c < 0 || c >= ncols) continue;
              if (Number.isNaN(image[r * ncols + c])) good--;
              else sum += image[r * ncols + c];
            }
          const wanted = Number.isNaN(image[y * ncols + x]) || good === 0 ? Number.NaN : sum / good;
          if (Number.isNaN(wanted)) expect(out[y * ncols + x]).toBeNaN();
          else expect(out[y * ncols + x]).toBeCloseTo(wanted, 9);
        }
    }
});
