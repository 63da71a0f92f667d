import { defineTask, type Executor, inlineExecutor } from "@calwebb/array";
import type { Model, RampModel } from "@calwebb/datamodels";
import {
  cacheFile,
  defineLinearPipeline,
  definePipeline,
  memoryHost,
  type Step,
  TestLinearPipeline,
} from "@calwebb/stpipe";
import { expect, test } from "vitest";
import { AddStep, fits, gain, pixel, ramp, ScaleStep } from "./fixtures.js";

const Pipe = definePipeline({
  alias: "calwebb_pipe",
  className: "PipePipeline",
  classPath: "test.PipePipeline",
  input: "RampModel",
  output: "RampModel",
  steps: { add: AddStep, jump: ScaleStep },
  process: async (model, ctx) => ctx.run.jump((await ctx.run.add(model)) as RampModel),
});
const references = { gain: gain(1) };
const run = async (pipeline: { call: typeof Pipe.call }, params: object = {}): Promise<number> =>
  pixel(await pipeline.call(ramp(), params, { references }));

test("steps run in the pipeline's order on one copy of the input", async () => {
  const model = ramp();
  const result = (await Pipe.call(model, {}, { references })) as RampModel;
  expect([pixel(result), pixel(model)]).toEqual([4, 1]);
  expect([result.meta.cal_step.linearity, result.meta.cal_step.jump]).toEqual(["COMPLETE", "COMPLETE"]);
});

test("a step is skipped by its parameter and says so under its alias", async () => {
  const result = (await Pipe.call(ramp(), { steps: { jump: { skip: true } } }, { references })) as RampModel;
  expect(pixel(result)).toBe(2);
  expect(result.meta.cal_step.jump).toBe("SKIPPED");
});

const Ten: Step = { ...AddStep, alias: "ten", parameters: AddStep.parameters } as Step;

test("steps are replaced, inserted and removed; the pipeline itself stays as it is", async () => {
  expect(await run(Pipe)).toBe(4);
  expect(await run(Pipe.with({ jump: AddStep }))).toBe(3);
  expect(await run(Pipe.insertAfter("add", Ten), { steps: { ten: { amount: 10 } } })).toBe(24);
  expect(await run(Pipe.insertBefore("add", Ten), { steps: { ten: { amount: 10 } } })).toBe(24);
  expect(await run(Pipe.insertAfter("jump", Ten), { steps: { ten: { amount: 10 } } })).toBe(14);
  expect(await run(Pipe.remove("add"))).toBe(2);
  expect(await run(Pipe)).toBe(4);
});

test("unknown places and names that are taken are refused", () => {
  expect(() => Pipe.with({ nope: AddStep })).toThrow('calwebb_pipe has no step "nope"; it has add, jump');
  expect(() => Pipe.insertAfter("nope", Ten)).toThrow("has no step");
  expect(() => Pipe.insertAfter("add", AddStep)).toThrow('already has a step "add"');
  expect(() => Pipe.remove("nope")).toThrow("has no step");
});

test("an error in a step names the step", async () => {
  await expect(run(Pipe, { steps: { jump: { factor: 0 } } })).rejects.toThrow(
    /^step jump failed on x_nrcb1_uncal.fits: the factor is 0$/,
  );
});

test("references of all steps that run are fetched before the first step", async () => {
  const calls: string[] = [];
  const resolver = {
    find: async (_h: object, types: readonly string[]) => {
      calls.push(`find ${types.join()}`);
      return Object.fromEntries(types.map((t) => [t, "N/A"]));
    },
    context: async () => "c",
    prefetch: async (_h: object, types: readonly string[]) => {
      calls.push(`prefetch ${types.join()}`);
      return {};
    },
  };
  await Pipe.call(ramp(), {}, { resolver, parameterReferences: false });
  expect(calls).toEqual(["prefetch gain", "find gain"]);
  calls.length = 0;
  await Pipe.call(ramp(), { steps: { jump: { skip: true } } }, { resolver, parameterReferences: false });
  expect(calls).toEqual([]);
});

test("parameters of a step can be set while the pipeline runs", async () => {
  const Twice = definePipeline({
    alias: "twice",
    className: "Twice",
    classPath: "test.Twice",
    input: "RampModel",
    output: "RampModel",
    steps: { add: AddStep },
    process: async (model, ctx) =>
      ctx.run.add((await ctx.run.add(model, { amount: 5 })) as Model) as Promise<RampModel>,
  });
  expect(pixel(await Twice.call(ramp()))).toBe(11);
});

const Line = defineLinearPipeline({
  alias: "line",
  className: "Line",
  classPath: "test.Line",
  steps: [
    ["one", AddStep],
    ["two", AddStep],
    ["three", AddStep],
  ],
});

test("a linear pipeline runs its row of steps", async () => {
  expect(pixel(await Line.call(ramp(), { steps: { two: { amount: 10 } } }))).toBe(13);
});

test("a part of it keeps results in the working folder, and a later run goes on from there", async () => {
  const host = memoryHost({ files: { "/in/x_uncal.fits": await fits(ramp()) } });
  const first = await Line.call("/in/x_uncal.fits", { end_step: "two" }, { host });
  expect(pixel(first)).toBe(3);
  expect([...host.files.keys()].sort()).toEqual(["/in/x_uncal.fits", "/stpipe.Line.one.fits", "/stpipe.Line.two.fits"]);
  const rest = (await Line.call(
    "/in/x_uncal.fits",
    { start_step: "three", save_results: true },
    {
      host,
    },
  )) as RampModel;
  expect(pixel(rest)).toBe(4);
  expect(host.files.has("/x_line.fits")).toBe(true);
  expect(host.files.has(`/${cacheFile("Line", "three")}`)).toBe(true);
});

test.each([
  [{ start_step: "two" }, "there is no usable result of one (stpipe.Line.one.fits); run with end_step=one first"],
  [{ end_step: "four" }, 'has no step "four"; it has one, two, three'],
  [{ start_step: "three", end_step: "one" }, "end_step one comes before start_step three"],
])("refuses %j", async (params, message) => {
  await expect(Line.call(ramp(), params, { host: memoryHost() })).rejects.toThrow(message);
});

test("the sample pipeline gives its input back", async () => {
  expect(pixel(await TestLinearPipeline.call(ramp(7)))).toBe(7);
});

test("while workers are busy, the code of the steps that follow is loaded, but not of those that are left out", async () => {
  const loaded: string[] = [];
  const worker = (alias: string): Step =>
    ({
      ...AddStep,
      alias,
      load: async () => {
        loaded.push(alias);
        return async (input: unknown, ctx: { executor: Executor }) => {
          await ctx.executor.run(
            defineTask("", "", (ms: number) => new Promise<void>((r) => setTimeout(r, ms))),
            [20, 0],
          );
          loaded.push(`ran ${alias}`);
          return input as Model;
        };
      },
    }) as unknown as Step;
  const Busy = definePipeline({
    alias: "calwebb_busy",
    className: "BusyPipeline",
    classPath: "test.BusyPipeline",
    input: "RampModel",
    output: "RampModel",
    steps: { a: worker("a"), b: worker("b"), c: worker("c"), d: worker("d") },
    process: async (model, ctx) => {
      await ctx.run.b(model);
      return (await ctx.run.d(model)) as RampModel;
    },
  });
  const executor: Executor = { ...inlineExecutor, workers: 2 };
  await Busy.call(ramp(), { steps: { c: { skip: true } } }, { executor });
  expect(loaded).toEqual(["b", "d", "ran b", "d", "ran d"]);
  loaded.length = 0;
  const Eager = definePipeline({
    alias: "calwebb_eager",
    className: "EagerPipeline",
    classPath: "test.EagerPipeline",
    input: "RampModel",
    output: "RampModel",
    steps: { a: worker("a"), c: worker("c"), d: worker("d") },
    process: async (model, ctx) => {
      await ctx.loadSteps();
      return (await ctx.run.a(model)) as RampModel;
    },
  });
  await Eager.call(ramp(), { steps: { c: { skip: true } } }, { executor });
  expect(loaded).toEqual(["a", "d", "a", "ran a"]);
  loaded.length = 0;
  await Busy.call(ramp(), {}, {});
  expect(loaded).toEqual(["b", "ran b", "d", "ran d"]);
});
