import { type Executor, ndarray } from "@calwebb/array";
import { createModel, type DarkModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { DarkCurrentStep } from "../src/index.js";

function ramp(exposure: object = {}): RampModel {
  const data = ndarray("float32", [2, 3, 2, 2]);
  data.data.fill(100);
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    pixeldq: ndarray("uint32", [2, 2]),
    meta: { instrument: { name: "NIRCAM" }, exposure: { nframes: 1, groupgap: 0, ...exposure } },
  });
}

function dark(ngroups = 3, exposure: object = {}): DarkModel {
  const data = ndarray("float32", [ngroups, 2, 2]);
  for (let g = 0; g < ngroups; g++) data.data.fill(g, 4 * g, 4 * g + 4);
  return createModel("DarkModel", {
    data,
    dq: ndarray("uint32", [2, 2]),
    meta: { instrument: { name: "NIRCAM" }, exposure: { nframes: 1, groupgap: 0, ...exposure } },
  });
}

stepConformance(DarkCurrentStep, { input: () => ramp(), references: () => ({ dark: dark() }) });
truthSuite(DarkCurrentStep, new URL("./truth/", import.meta.url));

describe("DarkCurrentStep", () => {
  const call = (input: RampModel, reference: DarkModel, params = {}) =>
    DarkCurrentStep.call(input, params, { references: { dark: reference } });

  test("the pieces may be done in any order", async () => {
    const side = 520;
    const fill = (shape: number[]) => {
      const a = ndarray("float32", shape);
      for (let i = 0; i < a.data.length; i++) a.data[i] = (i * 7919) % 50021;
      return a;
    };
    const input = ramp({ nframes: 2 });
    input.data = fill([2, 2, side, side]);
    input.groupdq = ndarray("uint8", input.data.shape);
    input.pixeldq = ndarray("uint32", [side, side]);
    const reference = dark();
    reference.data = fill([4, side, side]);
    reference.dq = ndarray("uint32", [side, side]);
    const backwards: Executor = {
      workers: 3,
      run: async (task, args) => {
        const done = [];
        for (let i = args.length - 1; i >= 0; i--) done[i] = await task.fn(args[i]);
        return done;
      },
    };
    const options = { references: { dark: reference } };
    const one = await DarkCurrentStep.call(input, {}, options);
    const other = await DarkCurrentStep.call(input, {}, { ...options, executor: backwards });
    expect(other.data.flat()).toEqual(one.data.flat());
    expect(one.data.flat()).not.toEqual(input.data.flat());
  });

  test("leaves the reference as it is", async () => {
    const reference = dark();
    reference.data.data[5] = Number.NaN;
    const out = await call(ramp(), reference);
    expect(out.data.flat()[5]).toBe(100);
    expect(out.data.flat()[4]).toBe(99);
    expect(reference.data.data[5]).toBeNaN();
  });

  test("the parameter decides the average dark current", async () => {
    const out = await call(ramp(), dark(3, { average_dark_current: 0.25 }), { average_dark_current: 0.5 });
    expect([...out.average_dark_current.flat()]).toEqual([0.5, 0.5, 0.5, 0.5]);
  });

  test("an image replaces one of the same shape", async () => {
    const input = ramp();
    input.average_dark_current = ndarray("float32", [2, 2]);
    const reference = dark();
    reference.average_dark_current = ndarray("float32", [2, 2]);
    reference.average_dark_current.data.fill(0.125);
    const out = await call(input, reference);
    expect([...out.average_dark_current.flat()]).toEqual([0.125, 0.125, 0.125, 0.125]);
  });

  test("averages every integration of a segment's dark that is used", async () => {
    const input = ramp({ nframes: 2, integration_start: 2 });
    input.meta.instrument.name = "MIRI";
    input.data = input.data.hi(1).copy();
    input.groupdq = input.groupdq.hi(1).copy();
    const data = ndarray("float32", [2, 6, 2, 2]);
    data.data.fill(1, 0, 24).fill(7, 24);
    const reference = createModel("DarkMIRIModel", {
      data,
      dq: ndarray("uint32", [2, 1, 2, 2]),
      meta: { instrument: { name: "MIRI" }, exposure: { nframes: 1, groupgap: 0 } },
    });
    const out = await DarkCurrentStep.call(input, {}, { references: { dark: reference } });
    expect(new Set(out.data.flat())).toEqual(new Set([93]));
  });

  test("missing keywords and a one-group dark that is too short are refused", async () => {
    const bare = ramp();
    bare.delete("meta.exposure.groupgap");
    await expect(call(bare, dark())).rejects.toThrow(/GROUPGAP/);
    await expect(call(ramp(), dark(1))).rejects.toThrow(/one group/);
  });
});
