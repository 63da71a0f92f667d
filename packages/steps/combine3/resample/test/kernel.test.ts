import { type DrizzleBand, drizzleBand, mapExtent, type PixelMap, scanLimits } from "@calwebb/resample/kernel";
import { expect, test } from "vitest";

test("a rotation by a right angle moves pixels and keeps their values", () => {
  const map: PixelMap = { x: new Float64Array(9), y: new Float64Array(9), nx: 3, ny: 3 };
  for (let p = 0; p < 9; p++) {
    map.x[p] = 2 - Math.floor(p / 3);
    map.y[p] = p % 3;
  }
  const band: DrizzleBand = {
    data: Float32Array.from({ length: 9 }, (_, p) => p + 1),
    level: 0.5,
    weight: new Float32Array(9).fill(2),
    map,
    extent: mapExtent(map),
    limits: scanLimits(map, [0, 2, 0, 2], 3, 3),
    kernel: "square",
    pixfrac: 1,
    scaleRatio: 1,
    factor: 1,
    out: new Float32Array(9),
    wht: new Float32Array(9),
    con: new Int32Array(9),
    bit: 4,
    err: null,
    outErr: null,
    dq: null,
    outDq: null,
    variances: [],
    varianceWeight: undefined,
    onx: 3,
    ony: 3,
    start: 0,
    end: 3,
  };
  drizzleBand(band);
  expect([...band.out]).toEqual([7, 4, 1, 8, 5, 2, 9, 6, 3].map((v) => v - 0.5));
  expect([...band.wht]).toEqual(new Array(9).fill(2));
  expect([...(band.con ?? [])]).toEqual(new Array(9).fill(4));
});
