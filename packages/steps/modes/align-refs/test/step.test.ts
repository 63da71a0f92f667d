import { NdArray, ndarray } from "@calwebb/array";
import { type CubeModel, createModel, type Model } from "@calwebb/datamodels";
import { truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { AlignRefsStep } from "../src/index.js";

truthSuite(AlignRefsStep as never, new URL("./truth/", import.meta.url));

const [ny, nx] = [24, 26];

function cube(...centres: [number, number][]): CubeModel {
  const data = new Float32Array(centres.length * ny * nx);
  for (const [k, [x, y]] of centres.entries())
    for (let i = 0; i < ny * nx; i++)
      data[k * ny * nx + i] = 100 * Math.exp(-(((i % nx) - x) ** 2 + (Math.floor(i / nx) - y) ** 2) / 6);
  const shape = [centres.length, ny, nx];
  return createModel("CubeModel", {
    data: new NdArray(data, shape),
    err: ndarray("float32", shape),
    dq: ndarray("uint32", shape),
    meta: { instrument: { name: "NIRCAM" } },
  });
}

function mask(size = nx): Model {
  const data = ndarray("float32", [ny, size]);
  data.data.fill(1);
  return createModel("PsfMaskModel", { data });
}

const call = (params = {}, psfmask: Model | string = mask(), target = cube([12, 11], [13, 12])) =>
  AlignRefsStep.call(
    target,
    { fit_precision: "double", ...params },
    {
      more: [cube([12.6, 11], [12, 10.5])],
      references: { psfmask },
    },
  );

describe("AlignRefsStep", () => {
  test("moves the references onto the first integration", async () => {
    const target = cube([12, 11], [13, 12]);
    const aligned = (await call({}, mask(), target)) as unknown as CubeModel;
    expect(aligned.data.shape).toEqual([2, ny, nx]);
    for (let k = 0; k < 2; k++)
      for (let i = 0; i < ny * nx; i++)
        expect(Math.abs(aligned.data.data[k * ny * nx + i] - target.data.data[i])).toBeLessThan(0.01);
    expect(aligned.meta.cal_step.align_psfs).toBe("COMPLETE");
  });

  test("or onto each integration", async () => {
    const target = cube([12, 11], [13, 12]);
    const aligned = (await call({ each_integration: true }, mask(), target)) as unknown as CubeModel;
    expect(aligned.data.shape).toEqual([2, 2, ny, nx]);
    for (let i = 0; i < ny * nx; i++)
      expect(Math.abs(aligned.data.data[3 * ny * nx + i] - target.data.data[ny * nx + i])).toBeLessThan(0.01);
  });

  test("in single precision they stay nearly where they are, as in the reference implementation", async () => {
    const aligned = (await call({ fit_precision: "single" })) as unknown as CubeModel;
    const before = cube([12.6, 11], [12, 10.5]);
    for (let i = 0; i < aligned.data.data.length; i++)
      expect(Math.abs(aligned.data.data[i] - before.data.data[i])).toBeLessThan(6);
  });

  test("without a mask the references are given back as they are", async () => {
    const aligned = (await call({}, "N/A")) as unknown as CubeModel;
    expect(aligned.meta.cal_step.align_psfs).toBe("SKIPPED");
    expect([...aligned.data.data]).toEqual([...cube([12.6, 11], [12, 10.5]).data.data]);
  });

  test("wants a second input, and sizes that agree", async () => {
    const one = AlignRefsStep.call(cube([1, 1]), {}, { references: { psfmask: mask() } });
    await expect(one).rejects.toThrow(/align_refs needs two inputs/);
    await expect(call({}, mask(20))).rejects.toThrow(/PSFMASK.*24 x 20.*24 x 26/);
  });
});
