import type { GainModel, RampModel } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { boolean, defineStep, float, option, type ProcessOf, type RunEvent, ref, runStep } from "@calwebb/stpipe";
import { expect, expectTypeOf, test } from "vitest";
import { AddStep, gain, pixel, ramp, ScaleStep, SplitStep } from "./fixtures.js";

test("the types of parameters and references follow from the declaration", () => {
  const TypedStep = defineStep({
    alias: "typed",
    className: "TypedStep",
    classPath: "test.TypedStep",
    input: "RampModel",
    output: "RampModel",
    parameters: {
      factor: float({ default: 2, min: 0, help: "factor" }),
      level: float({ help: "level" }),
      on: boolean({ default: true, help: "on" }),
      how: option(["add", "multiply", null], { default: "multiply", help: "how" }),
    },
    references: ["gain", ref("readnoise", { optional: true })],
    load: async (): Promise<unknown> => ({ process: body }),
  });
  const body: ProcessOf<typeof TypedStep> = (input, ctx) => {
    expectTypeOf(ctx.params.factor).toEqualTypeOf<number>();
    expectTypeOf(ctx.params.level).toEqualTypeOf<number | null>();
    expectTypeOf(ctx.params.on).toEqualTypeOf<boolean>();
    expectTypeOf(ctx.params.how).toEqualTypeOf<"add" | "multiply" | null>();
    expectTypeOf(ctx.refs.gain).toEqualTypeOf<GainModel>();
    expectTypeOf(ctx.refs.readnoise).not.toEqualTypeOf<GainModel>();
    expectTypeOf(input).toEqualTypeOf<RampModel>();
    return input;
  };
  expect(Object.isFrozen(TypedStep)).toBe(true);
  expect(Object.keys(TypedStep.allParameters).slice(-2)).toEqual(["override_gain", "override_readnoise"]);
});

test("runs on a copy, records status, reference and software", async () => {
  const model = ramp();
  const result = await runStep(ScaleStep, model, { references: { gain: gain() } });
  expect(pixel(result)).toBe(6);
  expect(pixel(model)).toBe(1);
  expect(result.meta.cal_step.jump).toBe("COMPLETE");
  expect(model.meta.cal_step.jump).toBeUndefined();
  expect(result.get("meta.ref_file.gain.name")).toBe("override://GainModel");
  expect(result.meta.calibration_software_version).toMatch(/^\d+\.\d+\.\d+$/);
});

test("consume lets the step change its input", async () => {
  const model = ramp();
  const result = await runStep(ScaleStep, model, { references: { gain: gain() }, consume: true });
  expect(result).toBe(model);
  expect(pixel(model)).toBe(6);
});

test.each([
  ["a reference that does not apply", { references: { gain: "N/A" } }, "N/A"],
  ["an empty override", { params: { override_gain: "" } }, undefined],
  ["the body", { references: { gain: gain() }, params: { factor: 1 } }, "override://GainModel"],
])("skipped by %s: data untouched", async (_why, options, record) => {
  const result = await runStep(ScaleStep, ramp(), options);
  expect([result.meta.cal_step.jump, pixel(result)]).toEqual(["SKIPPED", 1]);
  expect(result.get("meta.ref_file.gain.name")).toBe(record);
});

test("skipped by the gate: no reference is asked for", async () => {
  const model = ramp();
  model.meta.exposure.ngroups = 1;
  const resolver = {
    find: async () => {
      throw new Error("asked");
    },
    context: async () => "",
    prefetch: async () => ({}),
  };
  const result = await runStep(ScaleStep, model, { resolver, parameterReferences: false });
  expect(result.meta.cal_step.jump).toBe("SKIPPED");
});

test("run alone, a step is not skipped by its parameter", async () => {
  const result = await runStep(ScaleStep, ramp(), { params: { skip: true }, references: { gain: gain() } });
  expect(result.meta.cal_step.jump).toBe("COMPLETE");
});

test("an error names step and file and keeps its cause", async () => {
  const error = await runStep(ScaleStep, ramp(), { references: { gain: gain() }, params: { factor: 0 } }).catch(
    (e: unknown) => e,
  );
  expect(isCalwebbError(error, "StepFailed") && error.fields).toEqual({
    step: "ScaleStep",
    file: "x_nrcb1_uncal.fits",
  });
  expect((error as Error).message).toBe("step ScaleStep failed on x_nrcb1_uncal.fits: the factor is 0");
  expect(((error as Error).cause as Error).message).toBe("the factor is 0");
});

test("an aborted run is cancelled", async () => {
  const signal = AbortSignal.abort();
  const error = await runStep(AddStep, ramp(), { signal }).catch((e: unknown) => e);
  expect(isCalwebbError(error, "Cancelled")).toBe(true);
});

test("tells what happens", async () => {
  const events: RunEvent[] = [];
  await runStep(ScaleStep, ramp(), { references: { gain: gain() }, onEvent: (e) => events.push(e) });
  expect(events.map((e) => e.type)).toEqual(["start", "progress", "progress", "done"]);
  expect(events[2]).toMatchObject({ step: "ScaleStep", done: 8, total: 8, label: "scaling" });
});

test("call is the same as runStep", async () => {
  expect(pixel(await ScaleStep.call(ramp(), { factor: 5 }, { references: { gain: gain(1) } }))).toBe(5);
  expect(await SplitStep.call(ramp())).toHaveLength(2);
});

test("keeps the messages of the log on request", async () => {
  const result = (await AddStep.call(ramp(), {}, { calLogs: true })) as RampModel;
  expect(String(result.get("cal_logs.add"))).toContain("stpipe.AddStep - INFO - starts");
});
