import { isCalwebbError } from "@calwebb/errors";
import { createRegistry, entryOf, loadPlugin, type PluginLoader, readManifest } from "@calwebb/registry";
import { defineStep, type Step } from "@calwebb/stpipe";
import { expect, test } from "vitest";

const make = (alias: string, className: string): Step =>
  defineStep({
    alias,
    className,
    classPath: `jwst.${alias}.${className}`,
    input: "RampModel",
    output: "RampModel",
    parameters: {},
    load: async () => ({ process: (input: unknown) => input }),
  }) as unknown as Step;
const JumpStep = make("jump", "JumpStep");
const IpcStep = make("ipc", "IPCStep");

test("finds by alias, class name and class path", async () => {
  const registry = createRegistry([JumpStep, IpcStep]);
  for (const name of ["jump", "JumpStep", "jwst.jump.JumpStep", "jwst.step.JumpStep", "jwst.jump.jump_step.JumpStep"])
    expect(registry.find(name)?.alias, name).toBe("jump");
  expect(registry.find("nothing")).toBeUndefined();
  expect(registry.find("other.JumpStep")).toBeUndefined();
  expect(await registry.load("IPCStep")).toBe(IpcStep);
  expect(registry.names).toEqual(["jump", "ipc"]);
});

test("says what was probably meant", async () => {
  const error = await createRegistry([JumpStep])
    .load("jmup")
    .catch((e: unknown) => e);
  expect(isCalwebbError(error, "UsageError") && error.message).toBe(
    'there is no step or pipeline "jmup"; did you mean jump?',
  );
});

test("is a value and refuses duplicates", () => {
  const base = createRegistry([JumpStep]);
  const more = base.with(IpcStep);
  expect([base.entries.length, more.entries.length]).toEqual([1, 2]);
  expect(() => more.with(JumpStep)).toThrow("step jump is registered twice");
});

test("entries load lazily", async () => {
  let loads = 0;
  const registry = createRegistry([
    {
      alias: "jump",
      className: "JumpStep",
      classPath: "jwst.jump.JumpStep",
      load: async () => {
        loads++;
        return JumpStep;
      },
    },
  ]);
  expect(registry.find("jump")?.className).toBe("JumpStep");
  expect(loads).toBe(0);
  await registry.load("jump");
  expect(loads).toBe(1);
});

test("the same alias of two owners must be qualified", async () => {
  const theirs = { ...make("jump", "TheirJump"), classPath: "their.jump.TheirJump" } as Step;
  const registry = createRegistry([entryOf(JumpStep, "calwebb"), entryOf(theirs, "their-steps")]);
  expect(() => registry.find("jump")).toThrow("write one of calwebb::jump, their-steps::jump");
  expect(await registry.load("their-steps::jump")).toBe(theirs);
});

test("refuses steps of another version", () => {
  const future = { ...JumpStep, apiVersion: 99 } as Step;
  expect(() => createRegistry([entryOf(future, "pkg")])).toThrow(
    "step jump of pkg is made for version 99 of the step interface, this is version 1: update calwebb",
  );
});

const loader = (manifest: string | undefined, module: Record<string, unknown> | Error): PluginLoader => ({
  manifest: async () => manifest,
  importModule: async () => {
    if (module instanceof Error) throw module;
    return module;
  },
});
const manifest = JSON.stringify({ name: "p", calwebb: { steps: "./dist/steps.js" } });

test("loads plugins", async () => {
  const entries = await loadPlugin("p", loader(manifest, { JumpStep, steps: [IpcStep, JumpStep], other: 3 }));
  expect(entries.map((e) => `${e.owner}::${e.alias}`)).toEqual(["p::jump", "p::ipc"]);
});

test.each([
  [undefined, {}, "plugin p is not installed"],
  ["{", {}, "its package.json is no JSON"],
  ["{}", {}, "p is no plugin"],
  [JSON.stringify({ calwebb: { steps: "/etc/passwd" } }), {}, "must be a path like"],
  [manifest, new Error("boom"), "cannot import ./dist/steps.js: boom"],
  [manifest, { a: 1 }, "exports no step"],
  [manifest, { S: { ...JumpStep, apiVersion: 0 } }, "version 0 of the step interface"],
])("refuses plugin %#", async (text, module, message) => {
  await expect(loadPlugin("p", loader(text, module as Record<string, unknown>))).rejects.toThrow(message);
});

test("a package without steps is passed over", () => {
  expect(readManifest("p", "{}")).toBeUndefined();
});
