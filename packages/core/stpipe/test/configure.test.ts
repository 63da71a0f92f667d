import { configure, definePipeline, defineStep, encodeConfig, inputFile, memoryHost, type Step } from "@calwebb/stpipe";
import { expect, test } from "vitest";
import { AddStep, ramp, ScaleStep } from "./fixtures.js";

const scale = ScaleStep as unknown as Step;
const Both = definePipeline({
  alias: "calwebb_both",
  className: "BothPipeline",
  classPath: "test.BothPipeline",
  input: "RampModel",
  output: "RampModel",
  steps: { add: AddStep, jump: ScaleStep },
  process: (input) => input,
}) as unknown as Step;

test("a configuration file is overruled by what is given directly", async () => {
  const host = memoryHost({
    files: { "/c/scale.cfg": 'name = "mine"\nclass = "test.ScaleStep"\nfactor = 7\nsuffix = s\n' },
  });
  const { node } = await configure(scale, [], { suffix: "t" }, { host, configFile: "/c/scale.cfg" });
  expect(node.name).toBe("mine");
  expect(node.params).toMatchObject({ factor: 7, suffix: "t", save_results: false });
});

test("parameter references come before files, files before direct values", async () => {
  const files = {
    "/r/pars.cfg": "factor = 3\nsuffix = r\noutput_dir = /r\n",
    "/r/pipe.cfg": "[steps]\n[[add]]\namount = 9\n[[jump]]\nsuffix = pipe\n",
    "/c.cfg": "[steps]\n[[jump]]\nsuffix = c\n",
  };
  const host = memoryHost({ files });
  const answers: Record<string, string> = { "pars-scalestep": "/r/pars.cfg", "pars-bothpipeline": "/r/pipe.cfg" };
  const resolver = {
    find: async (_h: object, types: readonly string[]) =>
      Object.fromEntries(types.map((t) => [t, answers[t] ?? "N/A"])),
    context: async () => "",
    prefetch: async () => ({}),
  };
  const direct = { steps: { jump: { output_dir: "/d" } } };
  const options = { host, resolver, configFile: "/c.cfg" };
  const { node } = await configure(Both, [ramp()], direct, options);
  expect(node.children["jump"].params).toMatchObject({ factor: 3, suffix: "c", output_dir: "/d" });
  expect(node.children["add"].params["amount"]).toBe(9);
  const off = await configure(Both, [ramp()], direct, { ...options, parameterReferences: false });
  expect(off.node.children["jump"].params).toMatchObject({ factor: 2, suffix: "c" });
});

test("failing parameter references are no obstacle", async () => {
  const resolver = {
    find: async () => {
      throw new Error("no network");
    },
    context: async () => "",
    prefetch: async () => ({}),
  };
  const { node } = await configure(scale, [ramp()], {}, { host: memoryHost(), resolver });
  expect(node.params["factor"]).toBe(2);
});

test("a section may take its values from a file beside; its own win", async () => {
  const host = memoryHost({
    files: {
      "/c/pipe.cfg": "name = p\nclass = x\n[steps]\n[[jump]]\nconfig_file = sub/scale.cfg\nfactor = 5\n",
      "/c/sub/scale.cfg": "factor = 4\nsuffix = fromfile\n",
    },
  });
  const { node } = await configure(Both, [], {}, { host, configFile: "/c/pipe.cfg" });
  expect(node.children["jump"].params).toMatchObject({ factor: 5, suffix: "fromfile" });
  const wrong = memoryHost({
    files: { "/c/pipe.cfg": "[steps]\n[[jump]]\nconfig_file = s.cfg\n", "/c/s.cfg": "name = other\n" },
  });
  await expect(configure(Both, [], {}, { host: wrong, configFile: "/c/pipe.cfg" })).rejects.toThrow(
    '/c/s.cfg is for the step "other", not for "jump"',
  );
});

const FileStep = defineStep({
  alias: "filer",
  className: "FileStep",
  classPath: "test.FileStep",
  input: "RampModel",
  output: "RampModel",
  parameters: { catalog: inputFile({ help: "Catalog" }) },
  load: async () => ({ process: (input: unknown) => input }),
}) as unknown as Step;

test("files in a configuration lie beside it, files given directly in the working folder, and must exist", async () => {
  const host = memoryHost({ files: { "/c/f.cfg": "catalog = cat.ecsv\n", "/c/cat.ecsv": "", "/cat.ecsv": "" } });
  const file = await configure(FileStep, [], {}, { host, configFile: "/c/f.cfg" });
  expect(file.node.params["catalog"]).toBe("/c/cat.ecsv");
  const direct = await configure(FileStep, [], { catalog: "cat.ecsv" }, { host });
  expect(direct.node.params["catalog"]).toBe("/cat.ecsv");
  await expect(configure(FileStep, [], { catalog: "none" }, { host })).rejects.toThrow(
    "parameter catalog of FileStep: the file none does not exist",
  );
});

test.each(["/p.asdf", "/p.cfg"])("settled parameters are written to %s and read back", async (path) => {
  const host = memoryHost();
  const given = {
    suffix: "s",
    steps: { jump: { factor: 5, override_gain: "g.fits" }, add: { pre_hooks: ["ds9 {0}"] } },
  };
  const first = await configure(Both, [], given, { host });
  host.files.set(path, await encodeConfig(first.node, path));
  const again = await configure(Both, [], {}, { host, configFile: path });
  const values = (n: typeof first.node): unknown => [n.params, n.children["jump"].params, n.children["add"].params];
  expect(values(again.node)).toEqual(values(first.node));
  expect(again.node.name).toBe("BothPipeline");
});

test("older parameter files are read", async () => {
  const { encodeAsdf } = await import("@calwebb/asdf");
  const tree = { parameters: { name: "old", class: "test.ScaleStep", factor: 6 } };
  const host = memoryHost({ files: { "/old.asdf": await encodeAsdf(tree) } });
  const { node } = await configure(scale, [], {}, { host, configFile: "/old.asdf" });
  expect([node.name, node.params["factor"]]).toEqual(["old", 6]);
});

test.each([
  [{ steps: { nope: {} } }, 'calwebb_both has no step "nope"; it has add, jump'],
  [{ steps: { jump: { factr: 1 } } }, 'jump has no parameter "factr"; did you mean factor?'],
  [{ steps: { jump: { factor: -1 } } }, "parameter factor: got -1"],
])("refuses %j", async (params, message) => {
  await expect(configure(Both, [], params, { host: memoryHost() })).rejects.toThrow(message);
});

test("a missing configuration file is named", async () => {
  await expect(configure(scale, [], {}, { host: memoryHost(), configFile: "/no.cfg" })).rejects.toThrow(
    "configuration file /no.cfg does not exist",
  );
});

test("parameters that the Python package does not have are written only when they are set", async () => {
  const { boolean, formatConfig } = await import("@calwebb/stpipe");
  const Extended = defineStep({
    alias: "extended",
    className: "ExtendedStep",
    classPath: "test.ExtendedStep",
    input: "RampModel",
    output: "RampModel",
    parameters: { extra: boolean({ default: false, extension: true, help: "Extra" }) },
    load: async () => ({ process: (input: unknown) => input }),
  }) as unknown as Step;
  const text = async (params: object): Promise<string> =>
    formatConfig((await configure(Extended, [], { ...params }, { host: memoryHost() })).node);
  expect(await text({})).not.toContain("extra");
  expect(await text({ extra: true })).toContain("extra = True");
});
