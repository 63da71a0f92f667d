import { type Executor, NdArray, ndarray } from "@calwebb/array";
import { createModel, type LinearityModel, type RampModel } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { LinearityStep } from "../src/index.js";

const place = { xstart: 1, ystart: 1, xsize: 4, ysize: 3 };

function ramp(ngroups = 3): RampModel {
  const data = ndarray("float32", [1, ngroups, 3, 4]);
  data.data.fill(10);
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    pixeldq: ndarray("uint32", [3, 4]),
    meta: { instrument: { name: "NIRCAM", detector: "NRCB1" }, subarray: place, exposure: { nframes: 1 } },
  });
}

function reference(coefficients: number[], shape = [3, 4]): LinearityModel {
  const n = shape[0] * shape[1];
  const coeffs = new NdArray(
    Float32Array.from({ length: coefficients.length * n }, (_, i) => coefficients[Math.floor(i / n)]),
    [coefficients.length, ...shape],
  );
  return createModel("LinearityModel", {
    coeffs,
    dq: ndarray("uint32", shape),
    meta: { instrument: { name: "NIRCAM" }, subarray: { ...place, ysize: shape[0], xsize: shape[1] } },
  });
}

stepConformance(LinearityStep, { input: ramp, references: () => ({ linearity: reference([1, 2, 0]) }) });
truthSuite(LinearityStep, new URL("./truth/", import.meta.url));

describe("LinearityStep", () => {
  const call = (input: RampModel, linearity: LinearityModel) =>
    LinearityStep.call(input, {}, { references: { linearity } });

  test("the pieces may be done in any order", async () => {
    const big = () => {
      const data = ndarray("float32", [2, 2, 520, 520]);
      for (let i = 0; i < data.data.length; i++) data.data[i] = (i * 7919) % 50021;
      const input = ramp();
      input.data = data;
      input.groupdq = ndarray("uint8", data.shape);
      input.pixeldq = ndarray("uint32", [520, 520]);
      input.meta.subarray.xsize = 520;
      input.meta.subarray.ysize = 520;
      return input;
    };
    const linearity = reference([0.5, 1.01, -1e-6, 1e-12], [520, 520]);
    let pieces = 0;
    const backwards: Executor = {
      workers: 3,
      run: async (task, args) => {
        pieces = args.length;
        const done = [];
        for (let i = args.length - 1; i >= 0; i--) done[i] = await task.fn(args[i]);
        return done;
      },
    };
    const one = await call(big(), linearity);
    const other = await LinearityStep.call(big(), {}, { references: { linearity }, executor: backwards });
    expect(pieces).toBeGreaterThan(1);
    expect(other.data.flat()).toEqual(one.data.flat());
  });

  test("does not change the reference", async () => {
    const linearity = reference([1, 0, 3]);
    const out = await call(ramp(), linearity);
    expect(out.data.flat()[0]).toBe(10);
    expect([...linearity.coeffs.flat().subarray(0, 1), linearity.coeffs.get(1, 0, 0)]).toEqual([1, 0]);
  });

  test("an averaged exposure of one group is corrected by the plain polynomial", async () => {
    const linearity = reference([1, 2, 0]);
    linearity.inv_coeffs = reference([0, 1, 0]).coeffs;
    const one = ramp(1);
    one.meta.exposure.nframes = 4;
    expect((await call(one, linearity)).data.flat()[0]).toBe(21);
  });

  test("a reference of one coefficient is refused with the step's name", async () => {
    const failure = await call(ramp(), reference([1])).catch((e: unknown) => e);
    expect(isCalwebbError(failure, "StepFailed")).toBe(true);
    expect(String(failure)).toMatch(/Linearity.*2 or more coefficients/i);
  });

  test("an exposure without a place on the detector is refused", async () => {
    const lost = ramp();
    lost.delete("meta.subarray.xstart");
    await expect(call(lost, reference([0, 1]))).rejects.toThrow(/SUBSTRT1/);
  });
});
