import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { NdArray } from "@calwebb/array";
import { atomicFileSink, fileSource } from "@calwebb/bytes/node";
import { encodeModel, type Model, openModel } from "@calwebb/datamodels";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { refused } from "./support/check.js";
import { type Exposure, exposure, temporaryFolder } from "./support/exposures.js";
import { patch } from "./support/fits-bytes.js";

// References that are damaged, of the wrong kind, of the wrong shape, or empty of sense.
const { path: folder, remove } = temporaryFolder();
afterAll(remove);
let good: Exposure;
beforeAll(async () => {
  good = await exposure(folder, "nircam", { size: 32 });
});

const reference = (type: string): string => join(folder, `refs/nircam_nrcb1_${type}.fits`);

/** The arguments that calibrate the exposure with one reference replaced. */
function replacing(type: string, file: string): string[] {
  const set = { ...JSON.parse(readFileSync(good.references, "utf8")), [type]: file };
  writeFileSync(join(folder, "set.json"), JSON.stringify(set));
  return ["calwebb_detector1", good.raw, "--references=set.json", "--output_dir=out"];
}
const calibrate = (type: string, file: string) => refused(replacing(type, file), { cwd: folder }, 1);

/** A reference read, changed and written as bad.fits. */
async function changed(type: string, change: (model: Model) => void): Promise<void> {
  const model = await openModel(fileSource(reference(type)));
  await model.load();
  change(model);
  await encodeModel(model, atomicFileSink(join(folder, "bad.fits")));
}

describe("references that cannot be used", () => {
  test("one that does not exist", async () => {
    const { message } = await calibrate("gain", "nowhere.fits");
    expect(message).toMatch(/gain.*nowhere.fits/);
    const overridden = await refused(["jump", good.raw, "--override_gain=nowhere.fits"], { cwd: folder }, 1);
    expect(overridden.message).toMatch(/gain reference, nowhere.fits, does not exist.*--override_gain/);
  });

  test("a reference set that does not exist", async () => {
    const { message } = await refused(["jump", good.raw, "--references=none.json"], { cwd: folder }, 1);
    expect(message).toMatch(/none.json/);
  });

  test("a reference set that is not JSON", async () => {
    writeFileSync(join(folder, "broken.json"), '{"gain": ');
    const { message } = await refused(["jump", good.raw, "--references=broken.json"], { cwd: folder }, 1);
    expect(message).toMatch(/broken.json/);
  });

  test("a reference set that names no files", async () => {
    writeFileSync(join(folder, "broken.json"), '{"gain": 7}');
    const { message } = await refused(["jump", good.raw, "--references=broken.json"], { cwd: folder }, 1);
    expect(message).toMatch(/broken.json.*gain/);
  });

  for (const type of ["mask", "gain", "readnoise", "saturation", "superbias", "linearity", "dark", "ipc"])
    test(`a ${type} reference that is cut short`, async () => {
      const bytes = readFileSync(reference(type));
      writeFileSync(join(folder, "bad.fits"), bytes.subarray(0, bytes.length / 2));
      const { message } = await calibrate(type, "bad.fits");
      expect(message).toMatch(/bad.fits, HDU \d.*cut short|bad.fits, HDU \d.*not ended/);
      expect(message).toContain(type);
    });

  for (const [type, other] of [
    ["gain", "mask"],
    ["mask", "gain"],
    ["readnoise", "gain"],
    ["superbias", "flat"],
    ["dark", "gain"],
    ["linearity", "saturation"],
    ["saturation", "linearity"],
    ["ipc", "mask"],
  ])
    test(`the ${other} reference as ${type}`, async () => {
      const { message } = await calibrate(type, `refs/nircam_nrcb1_${other}.fits`);
      expect(message).toMatch(new RegExp(`${type} reference|${type}: `, "i"));
      expect(message).toContain(`nircam_nrcb1_${other}.fits`);
    });

  test("the exposure as gain", async () => {
    const { message } = await calibrate("gain", good.raw);
    expect(message).toContain(good.raw);
  });

  test("a text file as gain", async () => {
    writeFileSync(join(folder, "bad.fits"), "gain = 2\n");
    expect((await calibrate("gain", "bad.fits")).message).toMatch(/bad.fits is not a FITS file/);
  });

  test("a folder as gain", async () => {
    expect((await calibrate("gain", "refs")).message).toMatch(/refs: it is a folder/);
  });
});

describe("references of the wrong shape", () => {
  for (const [type, name] of [
    ["gain", "data"],
    ["readnoise", "data"],
    ["mask", "dq"],
    ["superbias", "data"],
    ["saturation", "data"],
    ["linearity", "coeffs"],
    ["dark", "data"],
  ] as const)
    test(`${type} of 16 x 16 pixels for an exposure of 32 x 32`, async () => {
      await changed(type, (model) => {
        for (const array of [name, "dq", "err"])
          if (model.hasArray(array)) {
            const { shape, dtype } = model.get(array) as NdArray;
            const small = [...shape.slice(0, -2), 16, 16];
            const length = small.reduce((a, b) => a * b);
            model.set(
              array,
              new NdArray(dtype === "uint32" ? new Uint32Array(length) : new Float32Array(length), small),
            );
          }
        model.set("meta.subarray.xsize", 16);
        model.set("meta.subarray.ysize", 16);
      });
      const { message } = await calibrate(type, "bad.fits");
      expect(message).toMatch(/16/);
      expect(message).toMatch(/bad.fits/);
    });

  test("a gain of 16 x 16 pixels that says it is 32 x 32", async () => {
    await changed("gain", (model) => {
      model.set("data", new NdArray(new Float32Array(256).fill(2), [16, 16]));
    });
    const { message } = await calibrate("gain", "bad.fits");
    expect(message).toMatch(/bad.fits/);
  });

  test("a superbias whose flags are smaller than its data", async () => {
    await changed("superbias", (model) => {
      model.set("dq", new NdArray(new Uint32Array(256), [16, 16]));
    });
    const { message } = await calibrate("superbias", "bad.fits");
    expect(message).toMatch(/bad.fits.*16 x 16/);
  });

  test("a linearity reference without coefficients", async () => {
    const bytes = readFileSync(reference("linearity"));
    writeFileSync(join(folder, "bad.fits"), patch(bytes, "COEFFS", { EXTNAME: "'NOTHING '" }));
    const { message } = await calibrate("linearity", "bad.fits");
    expect(message).toMatch(/bad.fits/);
  });
});

describe("references of NaN only", () => {
  for (const type of ["gain", "readnoise", "superbias", "saturation", "linearity", "dark", "ipc"])
    test(`${type}`, async () => {
      const name = type === "linearity" ? "coeffs" : "data";
      await changed(type, (model) => {
        (model.get(name) as NdArray<Float32Array>).data.fill(Number.NaN);
      });
      const { message } = await calibrate(type, "bad.fits");
      expect(message).toMatch(new RegExp(`bad.fits as the ${type} reference: all values of its ${name} are NaN`));
    });
});
