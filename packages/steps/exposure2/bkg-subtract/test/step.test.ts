import { ndarray } from "@calwebb/array";
import { memorySink } from "@calwebb/bytes";
import { createModel, encodeModel, type ImageModel, type Model } from "@calwebb/datamodels";
import { isCalwebbError } from "@calwebb/errors";
import { memoryHost } from "@calwebb/stpipe";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { BackgroundStep } from "../src/index.js";

function image(value: number, place: object = {}, type = "MIR_IMAGE"): ImageModel {
  const data = ndarray("float32", [3, 4]);
  data.data.fill(value);
  return createModel("ImageModel", {
    data,
    err: ndarray("float32", [3, 4]),
    dq: ndarray("uint32", [3, 4]),
    meta: {
      instrument: { name: "MIRI", detector: "MIRIMAGE" },
      exposure: { type },
      subarray: { xstart: 1, ystart: 1, xsize: 4, ysize: 3, ...place },
    },
  });
}

stepConformance(BackgroundStep, { input: () => image(5), params: { bkg_list: [image(1)] } } as never);
truthSuite(BackgroundStep, new URL("./truth/", import.meta.url));

describe("BackgroundStep", () => {
  const call = (input: Model, bkg_list: unknown[], options = {}) =>
    BackgroundStep.call(input as ImageModel, { bkg_list }, options) as Promise<ImageModel>;

  test("a background that begins inside the exposure is put where it lies", async () => {
    const out = await call(image(5), [image(1, { xstart: 3, ystart: 2 })]);
    expect([...out.data.data]).toEqual([5, 5, 5, 5, 5, 5, 4, 4, 5, 5, 4, 4]);
  });

  test.each(["NIS_WFSS", "NRC_WFSS", "NRC_GRISM", "MIR_WFSS", "NIS_SOSS"])("%s is skipped", async (type) => {
    const out = await call(image(5, {}, type), [image(1)]);
    expect(out.meta.cal_step.bkg_subtract).toBe("SKIPPED");
    expect(out.data.data[0]).toBe(5);
  });

  test("empty names in the list are passed over", async () => {
    expect((await call(image(5), [image(1), ""])).data.data[0]).toBe(4);
    expect((await call(image(5), [""])).meta.cal_step.bkg_subtract).toBe("SKIPPED");
  });

  test("a cube of backgrounds does not go with an image", async () => {
    const cube = createModel("CubeModel", { shape: [2, 3, 4], meta: { subarray: { xstart: 1, ystart: 1 } } });
    await expect(call(image(5), [cube])).rejects.toThrow(/3 dimensions, the exposure 2/);
  });

  test("a background without a place on the detector is refused", async () => {
    const lost = image(1);
    lost.delete("meta.subarray.xstart");
    await expect(call(image(5), [lost])).rejects.toThrow(/SUBSTRT1/);
  });

  test("a background file that does not exist is named", async () => {
    const sink = memorySink();
    await encodeModel(image(5), sink);
    const host = memoryHost({ files: { "/in/a_rate.fits": sink.bytes().slice() } });
    const failure = await BackgroundStep.call("/in/a_rate.fits", { bkg_list: ["none_rate.fits"] }, { host }).catch(
      (e: unknown) => e,
    );
    expect(isCalwebbError(failure)).toBe(true);
    expect(String(failure)).toMatch(/none_rate\.fits/);
  });

  test("the backgrounds are not changed", async () => {
    const background = image(1);
    await call(image(5), [background]);
    expect([...background.data.data]).toEqual(Array(12).fill(1));
  });
});
