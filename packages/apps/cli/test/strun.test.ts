import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { runCommand } from "@calwebb/cli";
import { createModel, encodeModel, openModel, type RampModel } from "@calwebb/datamodels";
import { expect, test } from "vitest";
import { filesIn, inFolder, run } from "./surroundings.js";

/** A ramp that group_scale has to rescale by 5 / 4. */
async function makeRamp(folder: string, name = "jw01_nrcb1_uncal.fits"): Promise<string> {
  const model = createModel("RampModel", { shape: [1, 3, 4, 4] });
  model.data.data.fill(8);
  model.meta.instrument.name = "NIRCAM";
  model.meta.exposure.nframes = 5;
  model.meta.exposure.frame_divisor = 4;
  await encodeModel(model, atomicFileSink(join(folder, name)));
  return join(folder, name);
}
const strun = (argv: string[], folder: string, env: Record<string, string> = {}) =>
  run(runCommand, argv, { cwd: folder, env });
const read = async (path: string): Promise<RampModel> => {
  const model = await openModel(fileSource(path), { model: "RampModel" });
  await model.load();
  return model;
};

test("runs a step and says what it wrote", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    const before = readFileSync(input);
    const out = join(folder, "out");
    const { status, err } = await strun(["group_scale", input, `--output_dir=${out}`, "--suffix=group_scale"], folder);
    expect(status).toBe(0);
    expect(err).toMatch(/wrote .*out\/jw01_nrcb1_group_scale\.fits in \d/);
    expect(filesIn(out)).toEqual(["jw01_nrcb1_group_scale.fits"]);
    const product = await read(join(out, "jw01_nrcb1_group_scale.fits"));
    expect(product.meta.cal_step.group_scale).toBe("COMPLETE");
    expect(product.data.data[0]).toBe(6.4000000953674316);
    expect(readFileSync(input).equals(before)).toBe(true);
  }));

test("class paths name steps too, and the class names the product", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    const { status } = await strun(["jwst.group_scale.GroupScaleStep", input, "--output_dir", folder, "-q"], folder);
    expect(status).toBe(0);
    expect(filesIn(folder)).toContain("jw01_nrcb1_groupscalestep.fits");
  }));

test("a configuration file names step, instance and values; the command line wins", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    writeFileSync(
      join(folder, "my.cfg"),
      'name = "mine"\nclass = "jwst.group_scale.GroupScaleStep"\noutput_dir = "nowhere"\n',
    );
    const { status } = await strun(["my.cfg", input, `--output_dir=${folder}`], folder);
    expect(status).toBe(0);
    expect(filesIn(folder)).toContain("jw01_nrcb1_mine.fits");
    writeFileSync(join(folder, "no.cfg"), "suffix = x\n");
    const { status: wrong, message } = await strun(["no.cfg", input], folder);
    expect([wrong, message]).toEqual([2, 'no.cfg does not say which step it is for; add a line "class = ..."']);
  }));

test("parameters are saved and used again", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    const file = join(folder, "pars.asdf");
    expect((await strun(["group_scale", "--suffix=gs", `--save-parameters=${file}`], folder)).status).toBe(0);
    expect((await strun([file, input, `--output_dir=${folder}`], folder)).status).toBe(0);
    expect(filesIn(folder)).toContain("jw01_nrcb1_gs.fits");
  }));

test.each([
  [["group_scale", "none.fits"], 1, "none.fits"],
  [["group_scal", "x"], 2, 'there is no step or pipeline "group_scal"; did you mean group_scale?'],
  [["group_scale"], 2, "group_scale needs an input: strun group_scale FILE"],
  [["group_scale", "x", "--sufix=a"], 2, "group_scale has no parameter --sufix; did you mean --suffix?"],
  [["group_scale", "x", "--skip=perhaps"], 2, 'parameter skip: got "perhaps", wanted true or false'],
  [["group_scale", "x", '--suffix="a'], 2, "--suffix: cannot read the value"],
  [["group_scale", "x", "--cores=none"], 2, "--cores"],
  [["group_scale", "x", "--max-memory=lots"], 2, "--max-memory"],
  [["group_scale", "x", "--logcfg=none.cfg"], 2, "--logcfg: none.cfg does not exist"],
  [["group_scale", "x", "--plugin=nothing-here"], 1, "plugin nothing-here is not installed"],
  [[], 2, "which step?"],
])("%j ends with status %i", async (argv, status, message) => {
  await inFolder(async (folder) => {
    const result = await strun(argv, folder);
    expect(result.status).toBe(status);
    expect(result.message).toContain(message);
    expect(filesIn(folder)).toEqual([]);
  });
});

test("a file that is no FITS is refused and nothing is written", () =>
  inFolder(async (folder) => {
    const input = join(folder, "jw01_uncal.fits");
    writeFileSync(input, "text");
    const { status, message } = await strun(["group_scale", input, `--output_dir=${folder}/o`], folder);
    expect(status).toBe(1);
    expect(message).toMatch(/step GroupScaleStep failed on .*jw01_uncal\.fits/);
    expect(existsSync(join(folder, "o"))).toBe(false);
  }));

test("help names every parameter, before and after the step", async () => {
  for (const argv of [
    ["group_scale", "-h"],
    ["--help", "group_scale"],
  ]) {
    const { status, out } = await strun(argv, process.cwd());
    expect(status).toBe(0);
    for (const text of ["GroupScaleStep", "--pre_hooks", "--suffix", "--cores N", "usage: strun group_scale"])
      expect(out).toContain(text);
  }
  expect((await strun(["dq_init", "-h"], process.cwd())).out).toContain("--override_mask");
  expect((await strun(["-h"], process.cwd())).out).toContain("exit status: 0 done");
});

test("the log follows stpipe-log.cfg of the working folder, and options before it", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    writeFileSync(
      join(folder, "stpipe-log.cfg"),
      "[*]\nhandler = file:run.log\nlevel = INFO\nformat = %(levelname)s %(message)s\n",
    );
    const quiet = await strun(["group_scale", input, `--output_dir=${folder}`], folder);
    expect(quiet.err).not.toContain("starts");
    expect(readFileSync(join(folder, "run.log"), "utf8")).toMatch(/^INFO starts with /m);
    const loud = await strun(
      ["group_scale", input, `--output_dir=${folder}`, "--log-level=INFO", "--log-stream=stdout"],
      folder,
    );
    expect(loud.out).toMatch(/ - stpipe\.GroupScaleStep - INFO - starts with /);
  }));

test("a reference set answers look-ups, from the option before the environment", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    writeFileSync(join(folder, "a.json"), "{}");
    writeFileSync(join(folder, "b.json"), "[]");
    const argv = ["dq_init", input, `--output_dir=${folder}`, "--suffix=dq"];
    const env = { CALWEBB_REFERENCES: join(folder, "b.json") };
    expect((await strun([...argv, `--references=${folder}/a.json`], folder, env)).status).toBe(0);
    expect((await read(join(folder, "jw01_nrcb1_dq.fits"))).meta.cal_step.dq_init).toBe("SKIPPED");
    expect((await strun(argv, folder, env)).status).toBe(1);
  }));

test("plugins among the dependencies of the project are found", () =>
  inFolder(async (folder) => {
    const input = await makeRamp(folder);
    const plugin = join(folder, "node_modules/acme-steps");
    mkdirSync(plugin, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies: { "acme-steps": "1.0.0" } }));
    writeFileSync(
      join(plugin, "package.json"),
      JSON.stringify({ name: "acme-steps", type: "module", calwebb: { steps: "./steps.js" } }),
    );
    writeFileSync(
      join(plugin, "steps.js"),
      `export const Acme = { apiVersion: 1, kind: "step", alias: "acme", className: "Acme", classPath: "acme.Acme", description: "", inputModels: ["RampModel"],
        outputModels: ["RampModel"], calStep: null, parameters: {}, allParameters: {}, references: [], prefetch: true, takesFiles: false, steps: {}, gate() {},
        load: async () => (input) => input };`,
    );
    const { status } = await strun(["acme", input, "-q"], folder);
    expect(status).toBe(0);
    writeFileSync(join(plugin, "steps.js"), "export const nothing = 1;");
  }));
