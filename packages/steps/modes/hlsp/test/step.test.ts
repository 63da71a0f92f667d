import { ndarray } from "@calwebb/array";
import { type ContrastModel, createModel, type ImageModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { HlspStep } from "../src/index.js";

truthSuite(HlspStep as never, new URL("./truth/", import.meta.url));

function image(): ImageModel {
  const data = ndarray("float32", [12, 12]);
  const err = ndarray("float32", [12, 12]);
  data.data.fill(6);
  err.data.fill(2);
  return createModel("ImageModel", { data, err, meta: { target: { proposer_name: "beta Pic" } } });
}

// Results are not saved: there is no file that they could be named after.
stepConformance(HlspStep, { input: image, params: { save_results: false } });

test("gives the ratio and the curve, with the metadata of the image", async () => {
  const products = await HlspStep.call(image(), { save_results: false, annuli_width: 3 });
  const [snr, contrast] = products as [ImageModel, ContrastModel];
  expect(snr.data.get(5, 5)).toBe(3);
  expect([...(contrast.contrast_table?.numbers("radius") ?? [])]).toEqual([1.5, 4.5]);
  expect(contrast.meta.target.proposer_name).toBe("beta Pic");
  expect(contrast.get("meta.cal_step.hlsp")).toBe("COMPLETE");
});

test("refuses a cube", async () => {
  const cube = createModel("CubeModel", { shape: [2, 12, 12], meta: { filename: "x_calints.fits" } });
  await expect(HlspStep.call(cube as never, { save_results: false })).rejects.toThrow(
    /the input \(x_calints.fits\) is of the class CubeModel, 2 x 12 x 12; wanted is an image/,
  );
});
