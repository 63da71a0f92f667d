import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "./support/check.js";
import { type Exposure, exposure, temporaryFolder } from "./support/exposures.js";

// Command lines and configuration files that cannot be understood.
const { path: folder, remove } = temporaryFolder();
afterAll(remove);
let good: Exposure;
beforeAll(async () => {
  good = await exposure(folder, "nircam", { size: 16, nints: 1, ngroups: 4 });
});

const strun = (status: number, ...argv: string[]) =>
  refused([...argv, `--references=${good.references}`, "--output_dir=out"], { cwd: folder }, status);
const jump = (status: number, ...argv: string[]) => strun(status, "jump", good.raw, ...argv);

describe("command lines", () => {
  const CASES: Record<string, [argv: string[], says: RegExp]> = {
    "an unknown parameter": [["--rejection_treshold=5"], /rejection_treshold.*did you mean.*rejection_threshold/],
    "a number that is text": [["--rejection_threshold=many"], /rejection_threshold.*many/],
    "a fraction for a whole number": [["--max_shower_amplitude=a"], /max_shower_amplitude/],
    "a boolean that is neither": [["--flag_4_neighbors=perhaps"], /flag_4_neighbors.*perhaps/],
    "a value that is missing": [["--rejection_threshold"], /rejection_threshold needs a value/],
    "no workers": [["--cores=0"], /--cores.*0/],
    "a memory limit that is no size": [["--max-memory=lots"], /--max-memory.*lots/],
    "an unknown plugin": [["--plugin=no-such-plugin"], /no-such-plugin/],
    "a short option that does not exist": [["-z"], /-z/],
    "parameters of a step that has none": [["--steps.jump.skip=true"], /steps/],
  };
  for (const [name, [argv, says]] of Object.entries(CASES))
    test(name, async () => {
      expect((await jump(name === "an unknown plugin" ? 1 : 2, ...argv)).message).toMatch(says);
    });

  test("an unknown step", async () => {
    expect((await strun(2, "jumpp", good.raw)).message).toMatch(/jumpp.*jump/);
  });
  test("an unknown step of a pipeline", async () => {
    expect((await strun(2, "calwebb_detector1", good.raw, "--steps.jumpp.skip=true")).message).toMatch(/jumpp/);
  });
  test("an unknown command", async () => {
    expect((await refused(["inof", good.raw], { cwd: folder }, 2, "calwebb")).message).toMatch(/inof.*info/);
  });
});

describe("configuration files", () => {
  /** What the file says, exit status, what the message says. */
  const CASES: Record<string, [text: string, status: number, says: RegExp]> = {
    "a line without a value": ['class = "jwst.jump.JumpStep"\nrejection_threshold\n', 1, /bad.cfg.*(line )?2/],
    "a section that is not closed": ['class = "jwst.jump.JumpStep"\n[steps\n', 1, /bad.cfg.*2/],
    "a quote that is not closed": ['class = "jwst.jump.JumpStep"\nsuffix = \'abc\n', 1, /bad.cfg.*2/],
    "no class": ["rejection_threshold = 5\n", 2, /bad.cfg.*class/],
    "a class that does not exist": ['class = "jwst.jump.NoStep"\n', 2, /NoStep/],
    "an unknown parameter": ['class = "jwst.jump.JumpStep"\nnope = 5\n', 2, /nope/],
    "a value of the wrong kind": [
      'class = "jwst.jump.JumpStep"\nrejection_threshold = many\n',
      2,
      /rejection_threshold.*many/,
    ],
    "a parameter given twice": [
      'class = "jwst.jump.JumpStep"\nskip = true\nskip = false\n',
      1,
      /bad.cfg.*skip|bad.cfg.*3/,
    ],
    "binary rubbish": ["\u0000\u0001\u0002SIMPLE\uffff\n", 1, /bad.cfg/],
  };
  for (const [name, [text, status, says]] of Object.entries(CASES))
    test(name, async () => {
      writeFileSync(join(folder, "bad.cfg"), text);
      const ended = await refused(["bad.cfg", good.raw, `--references=${good.references}`], { cwd: folder }, status);
      expect(ended.message).toMatch(says);
    });
});
