import { type DrizzleBand, drizzleBand, mapExtent, type PixelMap, scanLimits } from "@calwebb/drizzle";
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
