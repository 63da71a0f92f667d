import {
  Coverage,
  type DrizzleBand,
  drizzleBand,
  finishVariances,
  type KernelName,
  mapExtent,
  type PixelMap,
  putFill,
  scanLimits,
} from "@calwebb/drizzle";
import { describe, expect, test } from "vitest";
import { f32, f64, fixtures } from "./fixtures.js";

/** A band over the whole output for one exposure of ones. */
function band(map: PixelMap, onx: number, ony: number, more: Partial<DrizzleBand> = {}): DrizzleBand {
  const n = map.nx * map.ny;
  return {
    data: new Float32Array(n).fill(1),
    level: 0,
    weight: new Float32Array(n).fill(1),
    map,
    extent: mapExtent(map),
    limits: scanLimits(map, [0, map.nx - 1, 0, map.ny - 1], onx, ony),
    kernel: "square",
    pixfrac: 1,
    scaleRatio: 1,
    factor: 1,
    out: new Float32Array(onx * ony),
    wht: new Float32Array(onx * ony),
    con: null,
    bit: 1,
    err: null,
    outErr: null,
    dq: null,
    outDq: null,
    variances: [],
    varianceWeight: undefined,
    onx,
    ony,
    start: 0,
    end: ony,
    ...more,
  };
}

function grid(nx: number, ny: number, x: (i: number, j: number) => number, y: (i: number, j: number) => number) {
  const map: PixelMap = { x: new Float64Array(nx * ny), y: new Float64Array(nx * ny), nx, ny };
  for (let j = 0; j < ny; j++)
    for (let i = 0; i < nx; i++) {
      map.x[j * nx + i] = x(i, j);
      map.y[j * nx + i] = y(i, j);
    }
  return map;
}

/** Area of a convex polygon clipped to a pixel (Sutherland & Hodgman 1974). */
function clippedArea(points: [number, number][], column: number, row: number): number {
  let polygon = points;
  const sides: [number, number, number][] = [
    [1, 0, column - 0.5],
    [-1, 0, -(column + 0.5)],
    [0, 1, row - 0.5],
    [0, -1, -(row + 0.5)],
  ];
  for (const [a, b, c] of sides) {
    const side = ([x, y]: [number, number]): number => a * x + b * y - c;
    const next: [number, number][] = [];
    polygon.forEach((p, i) => {
      const q = polygon[(i + 1) % polygon.length];
      const [sp, sq] = [side(p), side(q)];
      if (sp >= 0) next.push(p);
      if (sp >= 0 !== sq >= 0) {
        const t = sp / (sp - sq);
        next.push([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
      }
    });
    polygon = next;
    if (polygon.length === 0) return 0;
  }
  let area = 0;
  polygon.forEach(([x, y], i) => {
    const [u, v] = polygon[(i + 1) % polygon.length];
    area += (x * v - u * y) / 2;
  });
  return Math.abs(area);
}

describe("overlap", () => {
  test("a square between four pixels, and one that fills a pixel", () => {
    const coverage = new Coverage();
    const quarter = Float64Array.of(0, 1, 1, 0, 1, 1, 0, 0);
    expect([...coverage.of(quarter, 0, 0, 2, 2).subarray(0, 6)]).toEqual([0.25, 0.25, 0, 0.25, 0.25, 0]);
    const whole = Float64Array.of(1.5, 2.5, 2.5, 1.5, 3.5, 3.5, 2.5, 2.5);
    expect([...coverage.of(whole, 1, 2, 3, 3).subarray(0, 12)]).toEqual([0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
    // The other way round the areas are negative.
    const back = Float64Array.of(0, 1, 1, 0, 0, 0, 1, 1);
    expect(coverage.of(back, 0, 0, 2, 2)[0]).toBe(-0.25);
  });

  test("agrees with clipping of polygons, whatever the shape and the pixel", () => {
    const coverage = new Coverage();
    let state = 1;
    const random = (): number => {
      state = (state * 48271) % 2147483647;
      return state / 2147483647;
    };
    for (let k = 0; k < 300; k++) {
      const turn = random() * 7;
      const [cx, cy] = [3 + random(), 3 + random()];
      const points = [0, 1, 2, 3].map((q): [number, number] => {
        const angle = turn - (q * Math.PI) / 2 + random() * 0.3;
        const radius = 0.4 + 1.5 * random();
        return [cx + radius * Math.cos(angle), cy + radius * Math.sin(angle)];
      });
      const convex = points.every((p, i) => {
        const [a, b] = [points[(i + 1) % 4], points[(i + 2) % 4]];
        return (a[0] - p[0]) * (b[1] - a[1]) - (a[1] - p[1]) * (b[0] - a[0]) < 0;
      });
      if (!convex) continue;
      const corners = Float64Array.from([...points.map((p) => p[0]), ...points.map((p) => p[1])]);
      const cells = coverage.of(corners, 1, 1, 6, 6);
      for (let j = 0; j < 6; j++)
        for (let i = 0; i < 6; i++) expect(cells[7 * j + i]).toBeCloseTo(clippedArea(points, i + 1, j + 1), 11);
    }
  });
});

describe("drizzle", () => {
  test("a shift by half a pixel spreads one pixel over four", () => {
    const map = grid(
      3,
      3,
      (i) => i + 0.5,
      (_, j) => j + 0.5,
    );
    const weight = new Float32Array(9);
    weight[4] = 2;
    const b = band(map, 4, 4, { weight });
    b.data[4] = 7;
    drizzleBand(b);
    expect([...b.wht]).toEqual([0, 0, 0, 0, 0, 0.5, 0.5, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0]);
    expect([...b.out].filter((v) => v !== 0)).toEqual([7, 7, 7, 7]);
  });

  test("the square kernel conserves weight and flux under rotation and distortion", () => {
    for (const pixfrac of [1, 0.8, 0.3]) {
      const map = grid(
        8,
        8,
        (i, j) => 10 + 0.9 * i - 0.5 * j + 0.01 * i * j,
        (i, j) => 6 + 0.5 * i + 0.9 * j - 0.01 * i * i,
      );
      const b = band(map, 30, 30, { pixfrac });
      for (let p = 0; p < 64; p++) b.data[p] = 1 + (p % 5);
      drizzleBand(b);
      let [weight, flux] = [0, 0];
      for (let p = 0; p < 900; p++) {
        weight += b.wht[p];
        flux += b.wht[p] * b.out[p];
      }
      expect(weight).toBeCloseTo(64, 4);
      expect(flux).toBeCloseTo(
        b.data.reduce((a, v) => a + v, 0),
        3,
      );
    }
  });

  test.each(
    fixtures.cases.map((c) => [`${c.kernel} with pixfrac ${c.pixfrac}`, c] as const),
  )("%s agrees with the drizzle library, however the rows are cut", (_, truth) => {
    const { nx, ny, onx, ony } = fixtures;
    for (const rows of [ony, 5, 1]) {
      const shared = {
        out: new Float32Array(onx * ony).fill(-3),
        wht: new Float32Array(onx * ony),
        con: new Int32Array(onx * ony),
        outDq: new Uint32Array(onx * ony),
      };
      fixtures.exposures.forEach((e, k) => {
        const map: PixelMap = { x: f64(e.x), y: f64(e.y), nx, ny };
        for (let start = 0; start < ony; start += rows)
          drizzleBand(
            band(map, onx, ony, {
              ...shared,
              data: f32(e.data),
              weight: f32(e.weight),
              dq: Uint32Array.from(e.dq),
              bit: 1 << k,
              kernel: truth.kernel as KernelName,
              pixfrac: truth.pixfrac,
              scaleRatio: 0.9,
              factor: 1.5,
              limits: scanLimits(map, [0, nx - 2, 1, ny - 1], onx, ony),
              start,
              end: Math.min(ony, start + rows),
            }),
          );
      });
      putFill(shared.out, shared.wht, -3);
      expect([...shared.con]).toEqual(truth.con);
      expect([...shared.outDq]).toEqual(truth.dq);
      truth.wht.forEach((v, p) => {
        expect(Math.abs(shared.wht[p] - (v as number))).toBeLessThan(2e-6);
      });
      // Where side lobes cancel, the mean is a quotient of small differences.
      truth.out.forEach((v, p) => {
        const scale = Math.abs(v as number) + 1;
        if (Math.abs(shared.wht[p]) > 0.01 || shared.wht[p] === 0)
          expect(Math.abs(shared.out[p] - (v as number)) / scale).toBeLessThan(3e-5);
      });
    }
  });
});

describe("variances", () => {
  const map = grid(
    4,
    4,
    (i) => i,
    (_, j) => j,
  );
  const sums = (variance: Float32Array) => ({
    variance,
    sum: new Float32Array(16).fill(Number.NaN),
    total: new Float32Array(16),
  });

  test("of a mean of two exposures, weighted by the inverse of the first kind", () => {
    const rnoise = sums(new Float32Array(16).fill(4));
    const poisson = sums(new Float32Array(16).fill(9));
    drizzleBand(band(map, 4, 4, { variances: [rnoise, poisson] }));
    rnoise.variance.fill(1);
    poisson.variance.fill(16);
    drizzleBand(band(map, 4, 4, { variances: [rnoise, poisson] }));
    const err = new Float32Array(16);
    finishVariances({
      sums: [rnoise.sum, poisson.sum],
      totals: [rnoise.total, poisson.total],
      err,
      scale: 1,
      start: 0,
      end: 16,
    });
    // Weights 1/4 and 1: (4/16 + 1) / (5/4)^2 and (9/16 + 16) / (5/4)^2.
    expect(rnoise.sum[5]).toBeCloseTo(0.8, 6);
    expect(poisson.sum[5]).toBeCloseTo(10.6, 5);
    expect(err[5]).toBeCloseTo(Math.sqrt(11.4), 5);
  });

  test("a fixed weight, a missing kind and pixels without variance", () => {
    const kind = sums(new Float32Array(16).fill(2));
    const none = { ...sums(new Float32Array(0)), variance: null };
    const weight = new Float32Array(16).fill(1);
    weight[0] = 0;
    drizzleBand(band(map, 4, 4, { weight, variances: [none, kind], varianceWeight: 10 }));
    const err = new Float32Array(16);
    const result = {
      sums: [none.sum, kind.sum],
      totals: [none.total, kind.total],
      err,
      scale: 0.25,
      start: 0,
      end: 16,
    };
    finishVariances(result);
    expect(kind.sum[5]).toBeCloseTo(0.5, 6);
    expect(none.sum[5]).toBeNaN();
    expect(err[5]).toBeCloseTo(Math.SQRT1_2, 6);
    expect(err[0]).toBeNaN();
  });
});

test("pixels without position do not spoil what is known of the others", () => {
  const map = grid(
    5,
    4,
    (i) => 2 + 1.5 * i,
    (_, j) => 1 + j,
  );
  map.x[7] = map.y[7] = Number.NaN;
  expect(mapExtent(map)).toMatchObject({ xLow: 2, xHigh: 8, stretch: 1.5 });
  const b = band(map, 12, 8);
  drizzleBand(b);
  expect(b.out.filter((v) => v === 1).length).toBeGreaterThan(10);
});
