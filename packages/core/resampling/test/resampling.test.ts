import { inlineExecutor } from "@calwebb/array";
import { createModel } from "@calwebb/datamodels";
import { gridSurface, surfaceRow } from "@calwebb/drizzle";
import { checkSize, matchInvalid, meanPixelArea, pixelMap, pixelScaleAt, regionTexts } from "@calwebb/resampling";
import { celestialFrame, FitsImaging, frame2D, Projection, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";

const SCALE = 0.05 / 3600;

function sky(crpix: [number, number], scale = SCALE, angle = 0): Wcs {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  const transform = new FitsImaging({
    crpix,
    crval: [10, 60],
    cdelt: [scale, scale],
    pc: [-c, s, s, c],
    projection: new Projection("gnomonic", "pix2sky"),
  });
  return new Wcs([{ frame: frame2D("detector"), transform }, { frame: celestialFrame("world") }]);
}

describe("pixel maps", () => {
  test("of a shift, with NaN outside the bounding box", () => {
    const from = sky([5, 4]);
    from.boundingBox = [
      [0.5, 9.5],
      [-0.5, 7.5],
    ];
    const map = pixelMap(from, sky([7, 3]), 10, 8);
    expect(map.x[0]).toBeNaN();
    expect(map.x[11]).toBeCloseTo(3, 7);
    expect(map.y[11]).toBeCloseTo(0, 7);
  });

  test.each([1, 3])("interpolated with order %i", (order) => {
    const [from, to] = [sky([50, 40]), sky([60, 45], 0.8 * SCALE, 0.3)];
    const exact = pixelMap(from, to, 100, 80);
    const coarse = pixelMap(from, to, 100, 80, { step: 7, order });
    let worst = 0;
    for (let p = 0; p < 8000; p++)
      worst = Math.max(worst, Math.abs(exact.x[p] - coarse.x[p]), Math.abs(exact.y[p] - coarse.y[p]));
    expect(worst).toBeLessThan(1e-6);
    expect(worst).toBeGreaterThan(0);
  });

  test("large maps are interpolated, and hold what the WCS says", () => {
    const [from, to] = [sky([250, 240]), sky([260, 245], 0.8 * SCALE, 0.3)];
    const map = pixelMap(from, to, 520, 530);
    let worst = 0;
    for (let j = 0; j < 530; j += 7) {
      const x = Float64Array.from({ length: 520 }, (_, i) => i);
      const [u, v] = to.invert(from.evaluate([x, new Float64Array(520).fill(j)]), { withBoundingBox: false });
      for (let i = 0; i < 520; i++)
        worst = Math.max(worst, Math.abs(u[i] - map.x[j * 520 + i]), Math.abs(v[i] - map.y[j * 520 + i]));
    }
    expect(worst).toBeLessThan(1e-6);
  });

  test("the cubic spline keeps cubics", () => {
    const f = (x: number, y: number): number => 0.1 * x ** 3 - x * x * y + y ** 3 - 2;
    const coarse = Float64Array.from({ length: 30 }, (_, p) => f(p % 6, Math.floor(p / 6)));
    const xs = Float64Array.of(0, 0.3, 2.5, 4.9, 5);
    const ys = Float64Array.of(0.25, 3.75);
    const surface = gridSurface(coarse, 6, 5, xs, 3);
    const row = new Float64Array(7);
    for (const y of ys) {
      surfaceRow(surface, y, row, 2);
      for (const [i, x] of xs.entries()) expect(row[2 + i]).toBeCloseTo(f(x, y), 10);
    }
  });
});

describe("pixel sizes", () => {
  test("mean area and scale at a point", () => {
    const wcs = sky([50, 50]);
    const area = meanPixelArea(wcs, 100, 100) as number;
    expect((Math.sqrt(area) * 180) / Math.PI / SCALE).toBeCloseTo(1, 5);
    expect(pixelScaleAt(wcs, 10, 60) / SCALE).toBeCloseTo(1, 6);
  });
});

test("values and flags agree afterwards", async () => {
  const model = createModel("ImageModel", { shape: [1, 4] });
  model.data.data.set([1, Number.NaN, 3, 4]);
  model.err = createModel("ImageModel", { shape: [1, 4] }).data;
  model.dq.data.set([0, 4, 1, 0]);
  await matchInvalid(model, { executor: inlineExecutor });
  expect([...model.data.data]).toEqual([1, Number.NaN, Number.NaN, 4]);
  expect([...model.err.data]).toEqual([0, Number.NaN, Number.NaN, 0]);
  expect([...model.dq.data]).toEqual([0, 5, 1, 0]);
});

test("sizes that cannot be are refused", () => {
  expect(() => checkSize(0, 5, 1)).toThrow(/0 x 5/);
  expect(() => checkSize(5, 5, 1, 50)).toThrow(/5 x 5 pixels would take/);
  expect(() => checkSize(5, 5, 1)).not.toThrow();
});

test("several polygons of an S_REGION", () => {
  expect(regionTexts("POLYGON ICRS  1 2 3 4 5 6  POLYGON ICRS  7 8 9 1 2 3")).toEqual([
    "POLYGON ICRS 1 2 3 4 5 6",
    "POLYGON ICRS 7 8 9 1 2 3",
  ]);
});
