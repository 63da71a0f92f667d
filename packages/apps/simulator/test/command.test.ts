import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, test } from "vitest";
import { programPool } from "../src/programs/index.js";

const folder = mkdtempSync(join(tmpdir(), "calwebb-simulate-"));
afterAll(() => rmSync(folder, { recursive: true }));
const command = fileURLToPath(new URL("../bin/simulate.js", import.meta.url));
const simulate = (...args: string[]) => spawnSync(process.execPath, [command, ...args], { encoding: "utf8" });

describe("calwebb-simulate", () => {
  test("writes the pool of a program to the standard output", () => {
    const { status, stdout } = simulate("program", "nircam-wfss");
    expect(status).toBe(0);
    expect(stdout).toBe(programPool("nircam-wfss"));
  });

  test("writes an exposure with the cosmic rays and snowballs that are asked for", () => {
    const shape = ["nircam", "--size=32", "--nints=1", "--ngroups=2", `--out=${folder}`];
    const { status } = simulate(...shape, "--cosmic-rays=100", "--snowballs=20");
    expect(status).toBe(0);
    expect(readdirSync(folder)).toContain("references.json");
  });

  test.each([
    ["--snowballs=x", "nircam"],
    ["--cosmic-rays=-1", "nircam"],
    ["--ngroups=0", "nircam"],
    ["--miss=3", "wavefront"],
  ])("refuses %s and writes nothing", (option, kind) => {
    const out = join(folder, "refused");
    const { status, stderr } = simulate(kind, option, `--out=${out}`);
    expect(status).toBe(2);
    expect(stderr).toContain(option);
    expect(readdirSync(folder)).not.toContain("refused");
  });

  test.each(["--help", "program --help"])("says what %s is for", (line) => {
    const { status, stdout } = simulate(...line.split(" "));
    expect(status).toBe(0);
    expect(stdout).toContain("usage: calwebb-simulate");
  });
});
