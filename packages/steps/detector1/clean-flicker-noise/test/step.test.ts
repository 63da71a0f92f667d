import { NdArray } from "@calwebb/array";
import { createModel, type ImageModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { CleanFlickerNoiseStep } from "../src/index.js";

const ny = 12;
const nx = 16;

/** A flat background with a step in every row. */
function rate(type = "NRC_IMAGE"): ImageModel {
  const values = Float32Array.from({ length: ny * nx }, (_, p) => 5 + (Math.floor(p / nx) % 3) + 0.01 * (p % 2));
  const model = createModel("ImageModel", { data: new NdArray(values, [ny, nx]) });
  model.meta.instrument.detector = "NRCB1";
  model.meta.exposure.type = type;
  Object.assign(model.meta.subarray, { name: "SUB64P", fastaxis: 1, slowaxis: -2 });
  model.dq.flat();
  return model;
}

/** Answers every look-up with "does not apply". */
const resolver = {
  find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
  prefetch: async () => ({}),
  context: async () => "",
};

stepConformance(CleanFlickerNoiseStep, { input: rate });
truthSuite(CleanFlickerNoiseStep, new URL("./truth/", import.meta.url));

describe("clean_flicker_noise", () => {
  test("rows lose their steps", async () => {
    const out = (await CleanFlickerNoiseStep.call(rate(), { skip: false, n_sigma: 0 })) as unknown as ImageModel;
    const data = out.data.flat();
    for (let y = 0; y < ny; y++) expect(data[y * nx]).toBeCloseTo(data[0], 5);
    expect(out.meta.cal_step.clean_flicker_noise).toBe("COMPLETE");
  });

  test("spectra whose open shutters are not known are not cleaned without their science", async () => {
    const input = rate("NRS_MSASPEC");
    Object.assign(input.meta.instrument, { name: "NIRSPEC", detector: "NRS1", grating: "G140M", filter: "F100LP" });
    const params = { skip: false, mask_science_regions: true };
    const out = (await CleanFlickerNoiseStep.call(input, params, { resolver })) as unknown as ImageModel;
    expect(out.meta.cal_step.clean_flicker_noise).toBe("FAILED");
    expect([...out.data.flat()]).toEqual([...input.data.flat()]);
  });

  test("what cannot be cleaned FAILED and stays as it is", async () => {
    const out = (await CleanFlickerNoiseStep.call(rate(), { skip: false, fit_method: "fft" })) as unknown as ImageModel;
    expect(out.meta.cal_step.clean_flicker_noise).toBe("FAILED");
    expect([...out.data.flat()]).toEqual([...rate().data.flat()]);
  });

  test("says which keyword is missing", async () => {
    const input = rate();
    input.delete("meta.exposure.type");
    await expect(CleanFlickerNoiseStep.call(input, { skip: false })).rejects.toThrow(/EXP_TYPE/);
  });
});
