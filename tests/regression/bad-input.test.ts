import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { atomicFileSink } from "@calwebb/bytes/node";
import { encodeModel } from "@calwebb/datamodels";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "./support/check.js";
import { type Exposure, exposure, temporaryFolder } from "./support/exposures.js";
import { patch } from "./support/fits-bytes.js";
import { program } from "./support/program.js";

// Inputs that are sound files but not what a step or a pipeline works on.
const { path: folder, remove } = temporaryFolder();
afterAll(remove);
let raw: Uint8Array;
let good: Exposure;
beforeAll(async () => {
  good = await exposure(folder, "nircam", { size: 32 });
  raw = readFileSync(join(folder, good.raw));
  await program("strun", ["calwebb_detector1", good.raw, `--references=${good.references}`, "-q"], { cwd: folder });
});

const strun = (status: number, ...argv: string[]) =>
  refused([...argv, `--references=${good.references}`, "--output_dir=out"], { cwd: folder }, status);

describe("what is not there or cannot be read", () => {
  test("a file that does not exist", async () => {
    const { message } = await strun(1, "calwebb_detector1", "nowhere_uncal.fits");
    expect(message).toMatch(/nowhere_uncal.fits: there is no such file or folder; check the path$/);
  });
  test("a folder", async () => {
    mkdirSync(join(folder, "folder.fits"), { recursive: true });
    expect((await strun(1, "calwebb_detector1", "folder.fits")).message).toMatch(/folder.fits: it is a folder/);
  });
  test.skipIf(process.getuid?.() === 0)("a file without permission to read", async () => {
    writeFileSync(join(folder, "secret_uncal.fits"), raw);
    chmodSync(join(folder, "secret_uncal.fits"), 0);
    const ended = await program("strun", ["calwebb_detector1", "secret_uncal.fits"], { cwd: folder });
    chmodSync(join(folder, "secret_uncal.fits"), 0o600);
    expect(ended.status).toBe(1);
    expect(ended.message).toMatch(/secret_uncal.fits: permission denied/);
  });
  test("no input at all", async () => {
    expect((await strun(2, "calwebb_detector1")).message).toMatch(/needs an input/);
  });
  test("two inputs for a step that takes one", async () => {
    expect((await strun(2, "jump", good.raw, good.raw)).message).toMatch(/jump takes one input, got 2/);
  });
});

describe("models that a step does not work on", () => {
  const rate = () => good.raw.replace("uncal", "rate");
  test("an image into jump", async () => {
    expect((await strun(1, "jump", rate())).message).toMatch(/ImageModel.*RampModel/);
  });
  test("an image into the pipeline", async () => {
    expect((await strun(1, "calwebb_detector1", rate())).message).toMatch(/ImageModel.*RampModel/);
  });
  test("a reference as the exposure", async () => {
    expect((await strun(1, "jump", "refs/nircam_nrcb1_gain.fits")).message).toMatch(/GainModel/);
  });
  test("a mask as the exposure", async () => {
    expect((await strun(1, "calwebb_detector1", "refs/nircam_nrcb1_mask.fits")).message).toMatch(/MaskModel/);
  });
  test("an exposure into the guider pipeline", async () => {
    expect((await strun(1, "calwebb_guider", good.raw)).message).toMatch(
      /EXP_TYPE is NRC_IMAGE, wanted one of FGS_ID-IMAGE/,
    );
  });
  test("the reference set as the exposure", async () => {
    expect((await strun(1, "calwebb_detector1", "references.json")).message).toMatch(
      /not a FITS file|not an association/,
    );
  });
});

describe("metadata that is missing or wrong", () => {
  /** Path, its value (undefined: not there), what the message names. */
  const CASES: Record<string, [Record<string, string | number | undefined>, ...RegExp[]]> = {
    "no NGROUPS": [{ "exposure.ngroups": undefined }, /NGROUPS/],
    "no NINTS": [{ "exposure.nints": undefined }, /NINTS/],
    "NGROUPS of 60": [{ "exposure.ngroups": 60 }, /NGROUPS/, /60/, /6/],
    "NGROUPS of -1": [{ "exposure.ngroups": -1 }, /NGROUPS/, /-1/],
    "no INSTRUME": [{ "instrument.name": undefined }, /INSTRUME/],
    "no EXP_TYPE": [{ "exposure.type": undefined }, /EXP_TYPE/],
    "no DETECTOR": [{ "instrument.detector": undefined }, /DETECTOR/],
    "no TGROUP": [{ "exposure.group_time": undefined }, /TGROUP/],
    "TGROUP of 0": [{ "exposure.group_time": 0 }, /TGROUP/, /0/],
    "TGROUP of -3": [{ "exposure.group_time": -3 }, /TGROUP/, /-3/],
    "no TFRAME": [{ "exposure.frame_time": undefined }, /TFRAME/],
    "no NFRAMES": [{ "exposure.nframes": undefined }, /NFRAMES/],
    "no subarray sizes": [{ "subarray.xsize": undefined, "subarray.ysize": undefined }, /SUBSIZE1/],
    "no subarray start": [{ "subarray.xstart": undefined }, /SUBSTRT1/],
    "a subarray size that is not that of the data": [{ "subarray.xsize": 64 }, /SUBSIZE1/, /64/, /32/],
    "a subarray outside the detector": [{ "subarray.xstart": 5000 }, /nircam_nrcb1_mask.fits/, /columns 5000/],
  };
  for (const [name, [changes, ...says]] of Object.entries(CASES))
    test(name, async () => {
      const model = good.simulated.model.clone();
      for (const [path, value] of Object.entries(changes))
        if (value === undefined) model.delete(`meta.${path}`);
        else model.set(`meta.${path}`, value);
      await encodeModel(model, atomicFileSink(join(folder, "odd_uncal.fits")));
      const { message } = await strun(1, "calwebb_detector1", "odd_uncal.fits");
      expect(message).toContain("odd_uncal.fits");
      for (const words of says) expect(message).toMatch(words);
    });

  test("an array of too few axes", async () => {
    writeFileSync(join(folder, "odd_uncal.fits"), patch(raw, "SCI", { NAXIS: "3", NAXIS4: undefined }));
    const { message } = await strun(1, "calwebb_detector1", "odd_uncal.fits");
    expect(message).toMatch(/odd_uncal.fits: data has 3 dimensions/);
  });
});
