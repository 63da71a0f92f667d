import { ndarray } from "@calwebb/array";
import { type CubeModel, createModel, ModelContainer } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { StackRefsStep } from "../src/index.js";

truthSuite(StackRefsStep as never, new URL("./truth/", import.meta.url));

function cube(nints: number, value: number, exptype?: string, nx = 4): CubeModel {
  const model = createModel("CubeModel", {
    data: ndarray("float32", [nints, 3, nx]),
    err: ndarray("float32", [nints, 3, nx]),
    dq: ndarray("uint32", [nints, 3, nx]),
  });
  model.data.data.fill(value);
  model.err.data.fill(value / 10);
  model.dq.data.fill(value);
  model.meta.filename = `psf${value}_calints.fits`;
  if (exptype !== undefined) model.meta.asn.exptype = exptype;
  return model;
}

stepConformance(StackRefsStep, { input: () => cube(2, 1) });

describe("StackRefsStep", () => {
  test("stacks the exposures in their order", async () => {
    const out = await StackRefsStep.call(new ModelContainer([cube(1, 1), cube(2, 2)]));
    expect(out.data.shape).toEqual([3, 3, 4]);
    expect([0, 1, 2].map((i) => out.data.get(i, 1, 1))).toEqual([1, 2, 2]);
    expect(out.err.get(2, 0, 0)).toBeCloseTo(0.2, 6);
    expect(out.dq.get(0, 0, 0)).toBe(1);
    expect(out.meta.cal_step.stack_psfs).toBe("COMPLETE");
  });

  test("takes the PSFs of an association that has some", async () => {
    const out = await StackRefsStep.call(new ModelContainer([cube(1, 1, "science"), cube(2, 2, "psf")]));
    expect(out.data.shape[0]).toBe(2);
    expect(out.data.get(0, 0, 0)).toBe(2);
  });

  test("names the exposure that has another size", async () => {
    const call = StackRefsStep.call(new ModelContainer([cube(1, 1), cube(1, 2, undefined, 5)]));
    await expect(call).rejects.toThrow(/psf2_calints.fits is 1 x 3 x 5.*3 x 4/);
  });

  test("an empty association is refused", async () => {
    await expect(StackRefsStep.call(new ModelContainer([]))).rejects.toThrow(/no exposures/);
  });
});
