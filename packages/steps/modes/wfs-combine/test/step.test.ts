import { ndarray } from "@calwebb/array";
import { createModel, type ImageModel, ModelContainer } from "@calwebb/datamodels";
import { truthSuite } from "@calwebb/testing";
import { celestialFrame, frame2D, pipe, Scale, Shift, setWcs, sideBySide, Wcs } from "@calwebb/wcs";
import { describe, expect, test } from "vitest";
import { WfsCombineStep } from "../src/index.js";

truthSuite(WfsCombineStep as never, new URL("./truth/", import.meta.url));

/** Pixel (x, y) is at (x + x0, y) / 1000 on the sky. */
function image(x0: number, value: number, nx = 12): ImageModel {
  const data = ndarray("float32", [10, nx]);
  data.data.fill(value);
  const model = createModel("ImageModel", {
    data,
    dq: ndarray("uint32", data.shape),
    err: ndarray("float32", data.shape),
  });
  model.meta.filename = `at${x0}_cal.fits`;
  const toSky = pipe(sideBySide(new Shift(x0), new Shift(0)), sideBySide(new Scale(1e-3), new Scale(1e-3)));
  setWcs(model, new Wcs([{ frame: frame2D("detector"), transform: toSky }, { frame: celestialFrame("world") }]));
  return model;
}

const call = async (a: ImageModel, b: ImageModel, params = {}): Promise<ImageModel> =>
  (await WfsCombineStep.call(new ModelContainer([a, b]), params)).at(0) as ImageModel;

describe("WfsCombineStep", () => {
  test("moves the second image onto the first", async () => {
    // The sky at x of the first is at x + 2 of the second: the last two columns have no partner.
    const out = await call(image(2, 4), image(0, 6));
    expect([...out.data.flat().subarray(0, 12)]).toEqual([5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 2, 2]);
    expect(out.meta.filename).toBe("at2_cal.fits");
    expect(out.meta.cal_step.wfs_combine).toBe("COMPLETE");
  });

  test("exchanges the images when the offset is negative, unless told not to", async () => {
    expect((await call(image(0, 4), image(2, 6))).data.get(0, 11)).toBe(3);
    expect((await call(image(0, 4), image(2, 6), { flip_dithers: false })).data.get(0, 0)).toBe(2);
  });

  test("NaN count as 0, flagged pixels do not count", async () => {
    const [a, b] = [image(0, 4), image(0, 6)];
    a.data.data[0] = Number.NaN;
    a.data.data[1] = 99;
    a.dq.data[1] = 1;
    const out = await call(a, b);
    expect([...out.data.flat().subarray(0, 3)]).toEqual([3, 6, 5]);
    expect(a.data.data[0]).toBeNaN();
  });

  test("wants two images of one size", async () => {
    await expect(call(image(0, 1), image(0, 1, 14))).rejects.toThrow(/at0_cal.fits is 10 x 14.*10 x 12/);
    await expect(WfsCombineStep.call(new ModelContainer([image(0, 1)]), {})).rejects.toThrow(/no second exposure/);
  });
});
