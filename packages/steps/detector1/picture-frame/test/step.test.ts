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

stepConformance(PictureFrameStep, { input: rate, references, params: { mask_science_regions: false, n_sigma: 0 } });
truthSuite(PictureFrameStep, new URL("./truth/", import.meta.url));

describe("picture_frame", () => {
  test("says what it cannot do, and how to go on", async () => {
    const call = PictureFrameStep.call(rate(), { skip: false }, { references: references() });
    await expect(call).rejects.toThrow(/mask_science_regions=False/);
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
