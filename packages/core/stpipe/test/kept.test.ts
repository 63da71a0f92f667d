import { ndarray } from "@calwebb/array";
import { type ByteSource, memorySource } from "@calwebb/bytes";
import { createModel, type Model, type RampModel } from "@calwebb/datamodels";
import {
  definePipeline,
  defineStep,
  type MemoryHost,
  memoryHost,
  type RefOptions,
  ref,
  type Step,
} from "@calwebb/stpipe";
import { beforeAll, expect, test } from "vitest";
import { fits, gain, pixel, ramp } from "./fixtures.js";

let input: Uint8Array;
let reference: Uint8Array;
beforeAll(async () => {
  input = await fits(ramp());
  reference = await fits(gain());
});

/** A host that writes down what is opened and closed. */
function watched(): { host: MemoryHost; events: string[] } {
  const events: string[] = [];
  const host = memoryHost({ files: { "/ramp.fits": input, "/gain.fits": reference } });
  const open = async (path: string): Promise<ByteSource> => {
    const source = memorySource(
      (await host.open(path)).readSync!(0, (path === "/ramp.fits" ? input : reference).length),
    );
    if (path !== "/gain.fits") return source;
    events.push("open");
    return {
      ...source,
      close: async () => {
        events.push("close");
      },
    };
  };
  return { host: { ...host, open }, events };
}

const user = (alias: string, options: RefOptions, seen: (reference: Model) => void, type = "gain"): Step =>
  defineStep({
    alias,
    className: "GainUser",
    classPath: "test.GainUser",
    input: "RampModel",
    output: "RampModel",
    calStep: null,
    parameters: {},
    references: [ref(type, options)],
    load: async () => (model: RampModel, ctx: { refs: Record<string, Model> }) => {
      seen(ctx.refs[type]);
      return model;
    },
  }) as unknown as Step;

const run = async (options: RefOptions, params: object = {}): Promise<{ events: string[]; models: Model[] }> => {
  const models: Model[] = [];
  const { host, events } = watched();
  const seen = (model: Model): void => {
    models.push(model);
    events.push("use");
  };
  const Pipe = definePipeline({
    alias: "calwebb_pipe",
    className: "PipePipeline",
    classPath: "test.PipePipeline",
    input: "RampModel",
    output: "RampModel",
    steps: { a: user("a", options, seen), b: user("b", {}, seen) },
    process: async (model, ctx) => (await ctx.run.b((await ctx.run.a(model)) as RampModel)) as RampModel,
  });
  const result = await Pipe.call("/ramp.fits", params, {
    host,
    resolver: {
      find: async () => ({ gain: "/gain.fits" }),
      context: async () => "jwst_1234.pmap",
      prefetch: async () => ({}),
    },
  });
  expect(pixel(result)).toBe(1);
  return { events, models };
};

test("a reference is opened and closed by each step that needs it", async () => {
  const { events, models } = await run({});
  expect(events).toEqual(["open", "use", "close", "open", "use", "close"]);
  expect(models[0]).not.toBe(models[1]);
});

test("one that a step leaves as it is goes to the step that needs it next", async () => {
  const { events, models } = await run({ kept: true });
  expect(events).toEqual(["open", "use", "use", "close"]);
  expect(models[0]).toBe(models[1]);
});

test("it is closed with the step when no later one needs it, and with the pipeline when that one does not run", async () => {
  const { events } = await run({ kept: true }, { steps: { b: { skip: true } } });
  expect(events).toEqual(["open", "use", "close"]);
});

test("only the named arrays are read beforehand", async () => {
  const bias = createModel("SuperBiasModel", { shape: [2, 2] });
  bias.err = ndarray("float32", [2, 2]);
  const host = memoryHost({ files: { "/ramp.fits": input, "/bias.fits": await fits(bias) } });
  const unread: boolean[] = [];
  const look = (model: Model): void => void unread.push(model.isUnread("data"), model.isUnread("err"));
  for (const options of [{}, { arrays: ["data"] }, { lazy: true }])
    await user("a", options, look, "superbias").call("/ramp.fits", { override_superbias: "/bias.fits" }, { host });
  expect(unread).toEqual([false, false, false, true, true, true]);
});
