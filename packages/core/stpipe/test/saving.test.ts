import { type ByteSink, memorySource } from "@calwebb/bytes";
import { openModel, type RampModel } from "@calwebb/datamodels";
import { definePipeline, type MemoryHost, memoryHost, runStep } from "@calwebb/stpipe";
import { beforeAll, expect, test } from "vitest";
import { AddStep, fits, gain, pixel, ramp, ScaleStep, SplitStep } from "./fixtures.js";

let input: Uint8Array;
let reference: Uint8Array;
beforeAll(async () => {
  input = await fits(ramp());
  reference = await fits(gain());
});
const host = (more: Record<string, Uint8Array | string> = {}): MemoryHost =>
  memoryHost({ files: { "/data/jw01_nrcb1_uncal.fits": input, "/refs/gain.fits": reference, ...more } });
const read = (h: MemoryHost, path: string): Promise<RampModel> =>
  openModel(memorySource(h.files.get(path) as Uint8Array, path), { model: "RampModel" });
const added = (h: MemoryHost): string[] =>
  [...h.files.keys()].filter((f) => !f.startsWith("/refs/") && f !== "/data/jw01_nrcb1_uncal.fits").sort();
const PATH = "/data/jw01_nrcb1_uncal.fits";

test("a product is named after input and class, and knows its name", async () => {
  const h = host();
  await AddStep.call(PATH, { save_results: true }, { host: h });
  expect(added(h)).toEqual(["/jw01_nrcb1_addstep.fits"]);
  const product = await read(h, "/jw01_nrcb1_addstep.fits");
  await product.load();
  expect(product.meta.filename).toBe("jw01_nrcb1_addstep.fits");
  expect(product.meta.cal_step.linearity).toBe("COMPLETE");
  expect(pixel(product)).toBe(2);
});

const rename = (model: unknown): void => {
  (model as RampModel).meta.filename = "y_nrcb2_uncal.fits";
};

test.each([
  [{ suffix: "jump" }, "/jw01_nrcb1_jump.fits"],
  [{ output_dir: "/out" }, "/out/jw01_nrcb1_addstep.fits"],
  [{ output_file: "/else/other_rate.fits" }, "/other_addstep.fits"],
  [{ output_file: "other.fits", suffix: "x", output_dir: "/o" }, "/o/other_x.fits"],
  [{ output_use_model: true, pre_hooks: [rename] }, "/y_nrcb2_addstep.fits"],
  [{ search_output_file: false, pre_hooks: [rename] }, "/y_nrcb2_addstep.fits"],
  [{ pre_hooks: [rename] }, "/jw01_nrcb1_addstep.fits"],
  [{ output_ext: "fits" }, "/jw01_nrcb1_addstep.fits"],
])("names a product as %j says", async (params, path) => {
  const h = host();
  await AddStep.call(PATH, { save_results: true, ...params }, { host: h });
  expect(added(h)).toEqual([path]);
});

test("output_file alone saves, nothing else does", async () => {
  const h = host();
  await AddStep.call(PATH, {}, { host: h });
  expect(added(h)).toEqual([]);
  await AddStep.call(PATH, { output_file: "y.fits" }, { host: h });
  expect(added(h)).toEqual(["/y_addstep.fits"]);
});

test("several results are numbered", async () => {
  const h = host();
  await SplitStep.call(PATH, { save_results: true, suffix: "s" }, { host: h });
  expect(added(h)).toEqual(["/jw01_nrcb1_0_s.fits", "/jw01_nrcb1_1_s.fits"]);
});

test("without a name, the step gives one", async () => {
  const h = host();
  const model = ramp();
  model.meta.filename = undefined;
  await AddStep.call(model, { save_results: true }, { host: h });
  expect(added(h)).toEqual(["/step_AddStep_addstep.fits"]);
});

test("inputs without a folder come from input_dir", async () => {
  const result = await AddStep.call("jw01_nrcb1_uncal.fits", { input_dir: "/data" }, { host: host() });
  expect(pixel(result)).toBe(2);
});

test("the name of the instance is the default suffix", async () => {
  const h = host();
  await AddStep.call(PATH, { save_results: true }, { host: h, name: "MyAdd" });
  expect(added(h)).toEqual(["/jw01_nrcb1_myadd.fits"]);
});

const Two = definePipeline({
  alias: "calwebb_two",
  className: "TwoPipeline",
  classPath: "test.TwoPipeline",
  input: "RampModel",
  output: "RampModel",
  steps: { add: AddStep, jump: ScaleStep },
  process: async (model, ctx) => {
    const first = (await ctx.run.add(model)) as RampModel;
    await ctx.saveResult(first, { suffix: "ramp" });
    ctx.setSuffix("rate");
    return ctx.run.jump(first);
  },
});

test("steps of a pipeline are saved under their aliases and the pipeline's folder", async () => {
  const h = host();
  const params = { save_results: true, output_dir: "/o", steps: { add: { save_results: true, amount: 4 } } };
  const result = await Two.call(PATH, params, { host: h, references: { gain: gain(1) } });
  expect(pixel(result)).toBe(10);
  expect(added(h)).toEqual(["/o/jw01_nrcb1_add.fits", "/o/jw01_nrcb1_ramp.fits", "/o/jw01_nrcb1_rate.fits"]);
});

test("a step's own folder wins, and the pipeline's output_file reaches its steps", async () => {
  const h = host();
  const params = { output_file: "p.fits", output_dir: "/o", steps: { add: { save_results: true, output_dir: "/s" } } };
  await Two.call(PATH, params, { host: h, references: { gain: gain(1) } });
  expect(added(h)).toEqual(["/o/p_ramp.fits", "/o/p_rate.fits", "/s/p_add.fits"]);
});

test("without saving, a pipeline writes nothing", async () => {
  const h = host();
  await Two.call(PATH, {}, { host: h, references: { gain: gain(1) } });
  expect(added(h)).toEqual([]);
});

test("when a later product fails, the earlier ones stay and no half file appears", async () => {
  const h = host();
  let n = 0;
  const failing = {
    ...h,
    sink: async (path: string): Promise<ByteSink> => {
      const sink = await h.sink(path);
      if (n++ === 0) return sink;
      return {
        ...sink,
        write: async () => {
          throw new Error("disk full");
        },
      };
    },
  };
  await expect(SplitStep.call(PATH, { save_results: true, suffix: "s" }, { host: failing })).rejects.toThrow(
    /split|SplitStep.*jw01_nrcb1_1_s.fits.*disk full/,
  );
  expect(added(h)).toEqual(["/jw01_nrcb1_0_s.fits"]);
});

const Beside = definePipeline({
  alias: "calwebb_beside",
  className: "BesidePipeline",
  classPath: "test.BesidePipeline",
  input: "RampModel",
  output: "RampModel",
  steps: { add: AddStep },
  process: async (model, ctx) => {
    ctx.beginSave(model.clone(), { suffix: "first" });
    ctx.beginSave(model.clone(), { suffix: "second" });
    ctx.setSuffix("third");
    return (await ctx.run.add(model)) as RampModel;
  },
});

/** A host whose writing of some files takes a while, or fails. */
const slow = (h: MemoryHost, file: RegExp, fails = false): MemoryHost => ({
  ...h,
  sink: async (path) => {
    const sink = await h.sink(path);
    if (!file.test(path)) return sink;
    return {
      ...sink,
      write: async (bytes, position) => {
        await new Promise((resolve) => setTimeout(resolve, 2));
        if (fails) throw new Error("disk full");
        await sink.write(bytes, position);
      },
    };
  },
});

test("products that are written at the same time are all there at the end, and reported in order", async () => {
  const h = host();
  const saved: string[] = [];
  await Beside.call(
    PATH,
    { save_results: true },
    {
      host: slow(h, /first/),
      onEvent: (event) => event.type === "saved" && saved.push(event.path),
    },
  );
  const paths = ["/jw01_nrcb1_first.fits", "/jw01_nrcb1_second.fits", "/jw01_nrcb1_third.fits"];
  expect(saved.map((path) => `/${path}`)).toEqual(paths);
  expect(added(h)).toEqual(paths);
  expect(pixel(await read(h, paths[0]))).toBe(1);
  expect(pixel(await read(h, paths[2]))).toBe(2);
});

test("when one of them fails, so does the step, and the others are written", async () => {
  const h = host();
  await expect(Beside.call(PATH, { save_results: true }, { host: slow(h, /first/, true) })).rejects.toThrow(
    /BesidePipeline.*first.fits.*disk full/,
  );
  expect(added(h)).toEqual(["/jw01_nrcb1_second.fits", "/jw01_nrcb1_third.fits"]);
});

test("an overriding file is opened, recorded by its path, and must exist", async () => {
  const h = host();
  const result = await runStep(ScaleStep, PATH, { host: h, params: { override_gain: "/refs/gain.fits" } });
  expect(pixel(result)).toBe(6);
  expect(result.get("meta.ref_file.gain.name")).toBe("/refs/gain.fits");
  expect(result.get("meta.ref_file.crds.context_used")).toBeUndefined();
  await expect(runStep(ScaleStep, PATH, { host: h, params: { override_gain: "/refs/none.fits" } })).rejects.toThrow(
    "the file given for the gain reference, /refs/none.fits, does not exist; check --override_gain",
  );
});

test("a looked-up reference is recorded by name, with the context", async () => {
  const asked: string[] = [];
  const resolver = {
    find: async (header: Record<string, unknown>, types: readonly string[]) => {
      asked.push(`${types.join()} ${String(header["meta.instrument.name"])}`);
      return Object.fromEntries(types.map((t) => [t, t === "gain" ? "/refs/gain.fits" : "N/A"]));
    },
    context: async () => "jwst_1234.pmap",
    prefetch: async () => ({}),
  };
  const result = await runStep(ScaleStep, PATH, { host: host(), resolver });
  expect(result.get("meta.ref_file.gain.name")).toBe("crds://gain.fits");
  expect(result.get("meta.ref_file.crds.context_used")).toBe("jwst_1234.pmap");
  expect(asked).toEqual(["pars-scalestep NIRCAM", "gain NIRCAM"]);
});

test("a reference set in the environment answers look-ups", async () => {
  const h = memoryHost({
    files: { [PATH]: input, "/refs/gain.fits": reference, "/refs/set.json": '{"gain": "gain.fits"}' },
    env: { CALWEBB_REFERENCES: "/refs/set.json" },
  });
  expect(pixel(await runStep(ScaleStep, PATH, { host: h }))).toBe(6);
});

test("a broken reference is named with its type", async () => {
  const h = host({ "/refs/bad.fits": "no fits" });
  await expect(runStep(ScaleStep, PATH, { host: h, params: { override_gain: "/refs/bad.fits" } })).rejects.toThrow(
    /step ScaleStep failed on .*jw01_nrcb1_uncal.fits: cannot use \/refs\/bad.fits as the gain reference/,
  );
});
