import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { atomicFileSink } from "@calwebb/bytes/node";
import { dispatch } from "@calwebb/cli";
import { createModel, encodeModel } from "@calwebb/datamodels";
import { expect, test } from "vitest";
import { progressDisplay } from "../src/terminal/progress.js";
import { inFolder, run, surroundings } from "./surroundings.js";

const calwebb = (argv: string[], cwd = process.cwd(), env: Record<string, string> = {}) =>
  run(dispatch, argv, { cwd, env });

test("version, help and unknown commands", async () => {
  expect((await calwebb(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await calwebb(["-h"])).out).toContain("completion");
  expect((await calwebb([])).status).toBe(2);
  expect(await calwebb(["lits"])).toMatchObject({
    status: 2,
    message: 'there is no command "lits"; did you mean list?; see calwebb -h',
  });
  for (const name of ["run", "list", "info", "config", "spec", "cfgs", "crds", "completion"])
    expect((await calwebb([name, "-h"])).out).toMatch(/^usage: calwebb /);
});

test("list names steps with their class paths", async () => {
  const { out } = await calwebb(["list"]);
  expect(out).toMatch(/^ {2}jump +jwst\.jump\.JumpStep /m);
  const rows = JSON.parse((await calwebb(["list", "--json"])).out) as { alias: string }[];
  expect(rows.map((r) => r.alias)).toContain("ramp_fit");
  expect((await calwebb(["list", "jump"])).status).toBe(2);
});

test("spec and config print what a step takes", async () => {
  expect((await calwebb(["spec", "jump"])).out).toContain("rejection_threshold = float(min=0, default=4.0)");
  const { out } = await calwebb(["config", "jump", "--rejection_threshold=7"]);
  expect(out).toMatch(/^name = "jump"\nclass = "jwst.jump.JumpStep"\n/);
  expect(out).toContain("\nrejection_threshold = 7.0\n");
  expect((await calwebb(["config", "jump", "x.fits"])).status).toBe(2);
});

async function image(folder: string, name: string): Promise<string> {
  const model = createModel("ImageModel", { shape: [4, 6] });
  model.meta.instrument.name = "NIRCAM";
  await encodeModel(model, atomicFileSink(join(folder, name)));
  return join(folder, name);
}

test("info says what files are", () =>
  inFolder(async (folder) => {
    const fits = await image(folder, "x_rate.fits");
    const { out, status } = await calwebb(["info", fits, "--verify"]);
    expect(status).toBe(0);
    expect(out).toContain(`${fits}: FITS,`);
    expect(out).toContain("ImageModel");
    expect(out).toMatch(/SCI +image +float32 \[4, 6\]/);
    const { readFileSync } = await import("node:fs");
    writeFileSync(join(folder, "y.fits.gz"), gzipSync(readFileSync(fits)));
    expect((await calwebb(["info", "y.fits.gz"], folder)).out).toContain("ImageModel");
    writeFileSync(
      join(folder, "a.json"),
      JSON.stringify({
        asn_type: "image3",
        products: [{ name: "p", members: [{ expname: "x.fits", exptype: "science" }] }],
      }),
    );
    expect((await calwebb(["info", "a.json"], folder)).out).toMatch(
      /association image3[\s\S]*product p[\s\S]*science +x\.fits/,
    );
    writeFileSync(join(folder, "j.cfg"), 'class = "jwst.jump.JumpStep"\n');
    expect((await calwebb(["info", "j.cfg"], folder)).out).toContain("configuration of jwst.jump.JumpStep");
    await calwebb(["config", "jump", "--output", join(folder, "j.asdf")]);
    expect((await calwebb(["info", "j.asdf"], folder)).out).toContain("parameters of jwst.jump.JumpStep");
  }));

test("info refuses broken files", () =>
  inFolder(async (folder) => {
    const fits = await image(folder, "x_rate.fits");
    const { readFileSync } = await import("node:fs");
    const bytes = readFileSync(fits);
    const cases: [string, Uint8Array | string, string][] = [
      ["cut.fits", bytes.subarray(0, bytes.length - 4000), "cut.fits"],
      ["text.fits", "this is not FITS", "is neither FITS, ASDF, association nor configuration"],
      ["empty.fits", "", "it is empty"],
      ["bad.json", '{"a": ', "it starts like JSON"],
      ["bad.asdf", "#ASDF 1.0.0\n%YAML 1.1\n---\n{", "bad.asdf"],
    ];
    for (const [name, content, text] of cases) {
      writeFileSync(join(folder, name), content);
      const { status, message, out } = await calwebb(["info", name], folder);
      expect([name, status, out]).toEqual([name, 1, ""]);
      expect(message).toContain(text);
      expect(message).not.toContain("\n");
    }
    expect((await calwebb(["info", "none.fits"], folder)).status).toBe(1);
    expect((await calwebb(["info"], folder)).status).toBe(2);
  }));

test("completion scripts are valid for their shell", async () => {
  const { out } = await calwebb(["completion", "bash"]);
  expect(out).toContain("ramp_fit");
  expect(spawnSync("bash", ["-n"], { input: out }).status).toBe(0);
  expect((await calwebb(["completion", "zsh"])).out).toContain("#compdef calwebb");
  expect((await calwebb(["completion", "fish"])).out).toContain("complete -c strun -l cores");
  expect((await calwebb(["completion", "tcsh"])).status).toBe(2);
});

test("crds says where its cache is", () =>
  inFolder(async (folder) => {
    const { out } = await calwebb(["crds", "cache"], folder, { CRDS_PATH: folder });
    expect(out).toContain(`${folder}/mappings/jwst  does not exist`);
    expect(await calwebb(["crds", "bestref"], folder)).toMatchObject({ status: 2 });
    const context = await calwebb(["crds", "context"], folder, { CRDS_PATH: folder, CRDS_CONTEXT: "jwst_0001.pmap" });
    expect(context.out).toBe("jwst_0001.pmap\n");
  }));

test("the progress bar is for terminals only", () => {
  const piped = surroundings();
  progressDisplay(piped, true).onEvent({ type: "progress", step: "jump", depth: 1, done: 1, total: 2 });
  expect(piped.stderr()).toBe("");
  const terminal = surroundings({ isTerminal: true });
  const display = progressDisplay(terminal, true);
  display.onEvent({ type: "progress", step: "jump", depth: 1, done: 1, total: 2, label: "rows" });
  expect(terminal.stderr()).toBe(`\r\x1b[Kjump rows [${"#".repeat(12)}${".".repeat(12)}] 50%`);
  display.end();
  expect(terminal.stderr().endsWith("\r\x1b[K")).toBe(true);
});
