import { NdArray } from "@calwebb/array";
import { createModel, type ImageModel, type Model } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { PictureFrameStep } from "../src/index.js";

const n = 84;
const pattern = (p: number): number => Math.min(p % n, Math.floor(p / n)) / n;

function rate(): ImageModel {
  const model = createModel("ImageModel", {
    data: new NdArray(
      Float32Array.from({ length: n * n }, (_, p) => 2 * pattern(p) + 1 + 0.001 * Math.sin(p)),
      [n, n],
    ),
  });
  model.meta.instrument.name = "NIRSPEC";
  model.meta.exposure.type = "NRS_IFU";
  model.meta.subarray.name = "FULL";
  model.dq.flat();
  return model;
}

const references = (): Record<string, Model> => ({
  pictureframe: createModel("PictureFrameModel", {
    data: new NdArray(
      Float32Array.from({ length: n * n }, (_, p) => pattern(p)),
      [n, n],
    ),
  }),
});

/** Answers every look-up with "does not apply". */
const resolver = {
  find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
  prefetch: async () => ({}),
  context: async () => "",
};

stepConformance(PictureFrameStep, { input: rate, references, params: { mask_science_regions: false, n_sigma: 0 } });
truthSuite(PictureFrameStep, new URL("./truth/", import.meta.url));

describe("picture_frame", () => {
  test("names the reference that world coordinates need", async () => {
    const input = rate();
    Object.assign(input.meta.instrument, { detector: "NRS1", grating: "G140M", filter: "F100LP" });
    const call = PictureFrameStep.call(input, { skip: false }, { references: references(), resolver });
    await expect(call).rejects.toThrow(/need a wavelengthrange reference/);
  });

  test("without spectra on the detector science is not left out", async () => {
    const input = rate();
    Object.assign(input.meta.instrument, { detector: "NRS2", grating: "G140M", filter: "F100LP" });
    const params = { skip: false, n_sigma: 0 };
    const out = (await PictureFrameStep.call(input, params, {
      references: references(),
      resolver,
    })) as unknown as Model;
    expect(out.meta.cal_step.picture_frame).toBe("COMPLETE");
    expect(out.meta.cal_step.assign_wcs).toBeUndefined();
  });

  test("refuses a frame of another size", async () => {
    const small = createModel("PictureFrameModel", { data: new NdArray(new Float32Array(4), [2, 2]) });
    const call = PictureFrameStep.call(
      rate(),
      { skip: false, mask_science_regions: false },
      { references: { pictureframe: small } },
    );
    await expect(call).rejects.toThrow(/4 pixels/);
  });
});
