import { createModel, type GainModel, type RampModel } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { definePipeline, defineStep, float, option, type ProcessOf, ref, runStep } from "@calwebb/stpipe";
import { expect, expectTypeOf, test } from "vitest";

const ScaleStep = defineStep({
  alias: "scale",
  className: "ScaleStep",
  classPath: "test.ScaleStep",
  input: "RampModel",
  output: "RampModel",
  calStep: "jump",
  parameters: {
    factor: float({ default: 2, min: 0, help: "factor" }),
    how: option(["add", "multiply", null], { default: "multiply", help: "how" }),
  },
  references: ["gain", ref("readnoise", { optional: true })],
  gate: (model) => (model.meta.exposure.ngroups === 1 ? "one group only" : undefined),
  load: async () => ({ process: scale }),
});
const scale: ProcessOf<typeof ScaleStep> = (input, ctx) => {
  expectTypeOf(ctx.params.factor).toEqualTypeOf<number>();
  expectTypeOf(ctx.params.how).toEqualTypeOf<"add" | "multiply" | null>();
  expectTypeOf(ctx.refs.gain).toEqualTypeOf<GainModel>();
  expectTypeOf(input).toEqualTypeOf<RampModel>();
  if (ctx.params.factor === 0) throw new Error("no factor");
  if (ctx.params.factor === 1) return { skip: "nothing to do" };
  const { data } = input.data;
  const gain = ctx.refs.gain.data.data[0];
  for (let i = 0; i < data.length; i++) data[i] *= ctx.params.factor * gain;
  return input;
};
const input = () => {
  const model = createModel("RampModel", { shape: [1, 2, 2, 2] });
  model.data.data.fill(1);
  model.meta.filename = "x_uncal.fits";
  return model;
};
const gain = () => {
  const model = createModel("GainModel", { shape: [2, 2] });
  model.data.data.fill(3);
  return model;
};

test("runs a step on a copy, records status and reference", async () => {
  const model = input();
  const result = await runStep(ScaleStep, model, { references: { gain: gain(), readnoise: "N/A" } });
  expect(result.data.data[0]).toBe(6);
  expect(model.data.data[0]).toBe(1);
  expect(result.meta.cal_step.jump).toBe("COMPLETE");
  expect(result.get("meta.ref_file.gain.name")).toBe("override://GainModel");
  expect(result.get("meta.ref_file.readnoise.name")).toBe("N/A");
});

test("skips", async () => {
  const references = { gain: gain(), readnoise: "N/A" };
  const na = await runStep(ScaleStep, input(), { references: { gain: "N/A" } });
  expect([na.meta.cal_step.jump, na.data.data[0]]).toEqual(["SKIPPED", 1]);
  const own = await runStep(ScaleStep, input(), { references, params: { factor: 1 } });
  expect(own.meta.cal_step.jump).toBe("SKIPPED");
  const gated = input();
  gated.meta.exposure.ngroups = 1;
  expect((await runStep(ScaleStep, gated)).meta.cal_step.jump).toBe("SKIPPED");
});

test("errors name step and file and keep the cause", async () => {
  const references = { gain: gain(), readnoise: "N/A" };
  const error = await runStep(ScaleStep, input(), { references, params: { factor: 0 } }).catch((e: unknown) => e);
  expect(isCalwebbError(error, "StepFailed")).toBe(true);
  expect((error as Error).message).toBe("step ScaleStep failed on x_uncal.fits: no factor");
  await expect(runStep(ScaleStep, input(), { params: { factor: -1 } })).rejects.toThrow("parameter factor: got -1");
  const wrong = { facto: 1 } as object;
  await expect(runStep(ScaleStep, input(), { params: wrong })).rejects.toThrow("did you mean factor?");
});

test("pipelines run steps by alias on one copy", async () => {
  const Twice = definePipeline({
    alias: "twice",
    className: "Twice",
    classPath: "test.Twice",
    input: "RampModel",
    output: "RampModel",
    steps: { scale: ScaleStep },
    process: async (model, ctx) => {
      expectTypeOf(model).toEqualTypeOf<RampModel>();
      return ctx.run.scale(await ctx.run.scale(model));
    },
  });
  const references = { gain: gain(), readnoise: "N/A" };
  const result = await Twice.call(input(), { steps: { scale: { factor: 3 } } } as object, { references });
  expect(result.data.data[0]).toBe(81);
  const none = await Twice.remove("scale").call(input(), {}, { references });
  expect(none.data.data[0]).toBe(1);
});
