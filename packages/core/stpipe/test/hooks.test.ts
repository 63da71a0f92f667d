import type { RampModel } from "@calwebb/datamodels";
import { memoryHost, runStep, type Step, SystemCall } from "@calwebb/stpipe";
import { expect, test } from "vitest";
import { fillCommand } from "../src/steps/system-call-process.js";
import { AddStep, fits, pixel, ramp } from "./fixtures.js";

const set = (value: number) => (model: unknown) => {
  (model as RampModel).data.data[0] = value;
};

test("functions get the input or the result and may change or replace it", async () => {
  const before = await runStep(AddStep, ramp(), { params: { pre_hooks: [set(10)] } });
  expect(pixel(before)).toBe(11);
  const after = await runStep(AddStep, ramp(), { params: { post_hooks: [set(10), () => ramp(99), set(5)] } });
  expect([pixel(after), (after as RampModel).data.data[1]]).toEqual([5, 99]);
});

test("steps are hooks, as values, by name, and by name with parameters", async () => {
  const findStep = async (name: string): Promise<Step | undefined> => (name === "test.AddStep" ? AddStep : undefined);
  const options = (hook: unknown) => ({ params: { post_hooks: [hook] }, findStep });
  expect(pixel(await runStep(AddStep, ramp(), options(AddStep)))).toBe(3);
  expect(pixel(await runStep(AddStep, ramp(), options("test.AddStep")))).toBe(3);
  expect(pixel(await runStep(AddStep, ramp(), options("test.AddStep(amount=7, suffix='a, b')")))).toBe(9);
});

test("functions and steps of modules are hooks", async () => {
  const host = memoryHost({ modules: { "./my.mjs": { double: set(42), Add: AddStep, no: 3 } } });
  const call = (hook: string) => runStep(AddStep, ramp(), { host, params: { post_hooks: [hook] } });
  expect(pixel(await call("./my.mjs:double"))).toBe(42);
  expect(pixel(await call("./my.mjs:Add"))).toBe(3);
  await expect(call("./my.mjs:no")).rejects.toThrow('./my.mjs exports no function or step "no"');
  await expect(call("./other.mjs:f")).rejects.toThrow("cannot import ./other.mjs");
});

test("commands get files: the input's own, or one that is written for them", async () => {
  const commands: string[] = [];
  const run = async (command: string) => {
    commands.push(command);
    return { status: command.includes("fail") ? 3 : 0, stdout: "seen", stderr: "" };
  };
  const host = memoryHost({ files: { "/in/x_uncal.fits": await fits(ramp()) }, run });
  const params = { pre_hooks: ["fitsinfo {0}"], post_hooks: ["ds9 {0}", "echo {{x}}"] };
  const result = (await runStep(AddStep, "/in/x_uncal.fits", { host, params })) as RampModel;
  expect(commands).toEqual(["fitsinfo /in/x_uncal.fits", "ds9 /stpipe.AddStep.post_hook0.0000.fits", "echo {x}"]);
  expect(host.files.has("/stpipe.AddStep.post_hook0.0000.fits")).toBe(true);
  expect(result.meta.filename).toBe("x_uncal.fits");
  await expect(runStep(AddStep, ramp(), { host, params: { post_hooks: ["fail now"] } })).rejects.toThrow(
    "fail now ended with status 3",
  );
});

test("the step that runs commands can be named with its parameters", async () => {
  const commands: string[] = [];
  const run = async (command: string) => {
    commands.push(command);
    return { status: 1, stdout: "", stderr: "" };
  };
  const host = memoryHost({ run });
  const hook = "stpipe.subproc.SystemCall(command='echo {0}', exitcode_as_exception=False)";
  const findStep = async (): Promise<Step> => SystemCall as unknown as Step;
  const result = await runStep(AddStep, ramp(), { host, findStep, params: { post_hooks: [hook] } });
  expect(commands).toEqual(["echo /stpipe.AddStep.post_hook0.0000.fits"]);
  expect(pixel(result)).toBe(2);
});

test("commands are refused where there are none", async () => {
  await expect(runStep(AddStep, ramp(), { host: memoryHost(), params: { post_hooks: ["ls {0}"] } })).rejects.toThrow(
    "there are no commands here",
  );
});

test("names are quoted for the shell", () => {
  expect(fillCommand("x {0} {1}", ["a b.fits", "it's"])).toBe("x 'a b.fits' 'it'\\''s'");
  expect(() => fillCommand("x {1}", ["a"])).toThrow("asks for input {1}, there are 1");
});
