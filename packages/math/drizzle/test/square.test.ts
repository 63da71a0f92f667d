import {
  type DrizzleBand,
  drizzleBand,
  gridSurface,
  mapExtent,
  type PixelMap,
  type Positions,
  type SurfaceMap,
  scanLimits,
  wholeMap,
} from "@calwebb/drizzle";
import { random } from "@calwebb/rng";
import { describe, expect, test } from "vitest";

interface Case {
  angle: number;
  scale: number;
  pixfrac: number;
  variances: number;
  fixed?: number;
}

/** Three exposures on one output, in bands of `rows`. @returns every array of the output */
function combine(c: Case, plain: boolean, rows: number): (Float32Array | Int32Array)[] {
  const [nx, ny] = [42, 37];
  const onx = Math.ceil(50 * c.scale);
  const ony = Math.ceil(46 * c.scale);
  const r = random(7);
  const out = new Float32Array(onx * ony).fill(Number.NaN);
  const wht = new Float32Array(onx * ony);
  const con = new Int32Array(onx * ony);
  const sums = Array.from({ length: c.variances }, () => ({
    sum: new Float32Array(onx * ony).fill(Number.NaN),
    total: new Float32Array(onx * ony),
  }));
  const [cos, sin] = [Math.cos(c.angle) * c.scale, Math.sin(c.angle) * c.scale];
  for (let e = 0; e < 3; e++) {
    const map: PixelMap = { x: new Float64Array(nx * ny), y: new Float64Array(nx * ny), nx, ny };
    for (let j = 0; j < ny; j++)
      for (let i = 0; i < nx; i++) {
        const [u, v] = [i - 20 + 1e-4 * i * j + 0.31 * e, j - 18 - 2e-4 * i * i];
        map.x[j * nx + i] = onx / 2 + cos * u - sin * v;
        map.y[j * nx + i] = ony / 2 + sin * u + cos * v;
      }
    map.x[17 * nx + 21] = map.y[17 * nx + 21] = Number.NaN;
    const values = (low: number): Float32Array => Float32Array.from({ length: nx * ny }, () => low + r.uniform());
    const weight = values(0.5).map((w) => (r.uniform() < 0.05 ? 0 : w));
    const band: Omit<DrizzleBand, "start" | "end"> = {
      data: values(3),
      level: 0.25,
      weight,
      map,
      extent: mapExtent(map),
      limits: scanLimits(map, [0, nx - 1, 0, ny - 1], onx, ony),
      kernel: "square",
      pixfrac: c.pixfrac,
      scaleRatio: 1,
      factor: 1.5,
      out,
      wht,
      con,
      bit: 1 << e,
      err: null,
      outErr: null,
      dq: null,
      outDq: null,
      variances: sums.map((s, k) => ({ ...s, variance: e === 1 && k === 1 ? null : values(0.1) })),
      varianceWeight: c.fixed,
      onx,
      ony,
      plain,
    };
    for (let start = 0; start < ony; start += rows) drizzleBand({ ...band, start, end: Math.min(ony, start + rows) });
  }
  return [out, wht, con, ...sums.flatMap((s) => [s.sum, s.total])];
}

const same = (a: (Float32Array | Int32Array)[], b: (Float32Array | Int32Array)[]): boolean =>
  a.every((values, k) => values.every((v, i) => Object.is(v, b[k][i])));

describe("the square kernel in WASM", () => {
  test.each<Case>([
    { angle: 0.02, scale: 1, pixfrac: 1, variances: 3 },
    { angle: 0.8, scale: 1, pixfrac: 1, variances: 3, fixed: 2.5 },
    { angle: 2.4, scale: 1, pixfrac: 0.6, variances: 0 },
    { angle: 3.1, scale: 0.3, pixfrac: 1, variances: 1 },
    { angle: -0.3, scale: 3.3, pixfrac: 0.8, variances: 3 },
  ])("gives what the TypeScript kernel gives, bit for bit: %o", (c) => {
    const plain = combine(c, true, 1000);
    expect(plain[1].filter((w) => w > 0).length).toBeGreaterThan(100);
    expect(same(combine(c, false, 1000), plain)).toBe(true);
    expect(same(combine(c, false, 7), plain)).toBe(true);
  });
});

describe("positions on surfaces", () => {
  const [nx, ny, onx, ony] = [45, 38, 60, 52];
  const surfaceMap = (order: 1 | 3): SurfaceMap => {
    const [mx, my, x0, y0, width, height] = [6, 5, 2, 1, 42, 36];
    const at = (k: number): [number, number] => [(k % mx) * ((width - 1) / (mx - 1)), Math.floor(k / mx) * 9];
    const grid = (f: (x: number, y: number) => number): Float64Array =>
      Float64Array.from({ length: mx * my }, (_, k) => f(...at(k)));
    const columns = Float64Array.from({ length: width }, (_, i) => (i * (mx - 1)) / (width - 1));
    const surface = (f: (x: number, y: number) => number) => gridSurface(grid(f), mx, my, columns, order);
    return {
      nx,
      ny,
      x0,
      y0,
      height,
      surfaces: {
        x: surface((x, y) => 5.3 + 1.1 * x - 0.2 * y + 1e-3 * x * y),
        y: surface((x, y) => 9.7 + 0.2 * x + 1.05 * y + 2e-3 * y * y),
      },
    };
  };
  const drizzled = (map: Positions, more: Partial<DrizzleBand>): Float32Array[] => {
    const [out, wht] = [new Float32Array(onx * ony), new Float32Array(onx * ony)];
    const r = random(5);
    const variance = Float32Array.from({ length: nx * ny }, () => 0.5 + r.uniform());
    const dq = Uint32Array.from(variance, (v) => (v > 1.4 ? 1 : 0));
    const band: Omit<DrizzleBand, "start" | "end"> = {
      data: Float32Array.from(variance, () => r.uniform()),
      level: 0,
      weight: { dq, goodBits: 0, variance, constant: 1 },
      map,
      extent: mapExtent(map),
      limits: scanLimits(map, [0, nx - 1, 0, ny - 1], onx, ony),
      kernel: "square",
      pixfrac: 1,
      scaleRatio: 1,
      factor: 1,
      out,
      wht,
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
      ...more,
    };
    for (let start = 0; start < ony; start += 9) drizzleBand({ ...band, start, end: Math.min(ony, start + 9) });
    return [out, wht];
  };

  test.each([1, 3] as const)("give what the same positions in memory give, order %i", (order) => {
    const map = surfaceMap(order);
    const whole = wholeMap(map, (n) => new Float64Array(n));
    expect(whole.x[0]).toBeNaN();
    for (const more of [{}, { plain: true }, { pixfrac: 0.7 }, { kernel: "turbo" as const }]) {
      const wanted = drizzled(whole, { ...more, plain: true });
      expect(wanted[1].filter((w) => w > 0).length).toBeGreaterThan(1000);
      expect(same(drizzled(map, more), wanted)).toBe(true);
    }
  });

  test.each([1, 3] as const)("stay within their limits, order %i", (order) => {
    const map = surfaceMap(order);
    const [limits, exact] = [mapExtent(map), mapExtent(wholeMap(map, (n) => new Float64Array(n)))];
    for (let j = 0; j < ny; j++) {
      expect(limits.rowLow[j]).toBeLessThanOrEqual(exact.rowLow[j]);
      expect(limits.rowHigh[j]).toBeGreaterThanOrEqual(exact.rowHigh[j]);
    }
    expect(limits.xLow).toBeLessThanOrEqual(exact.xLow);
    expect(limits.xHigh).toBeGreaterThanOrEqual(exact.xHigh);
    expect(limits.stretch).toBeGreaterThanOrEqual(exact.stretch);
    expect(limits.stretch).toBeLessThan(exact.stretch + 0.1);
  });
});
