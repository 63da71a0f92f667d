import { NdArray, ndarray } from "@calwebb/array";
import { createModel, type ImageModel, type Model, type NrcImgPhotomModel, tableFrom } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { PhotomStep } from "../src/index.js";

function image(exposure: object = {}): ImageModel {
  return createModel("ImageModel", {
    data: new NdArray(new Float32Array(12).fill(2), [3, 4]),
    err: ndarray("float32", [3, 4]),
    dq: ndarray("uint32", [3, 4]),
    meta: {
      instrument: { name: "NIRCAM", detector: "NRCB1", filter: "F150W", pupil: "CLEAR" },
      exposure: { type: "NRC_IMAGE", ...exposure },
      subarray: { xstart: 2, ystart: 1, xsize: 4, ysize: 3 },
    },
  });
}

const selectors = { filter: ["F150W"], pupil: ["CLEAR"] };

function reference(): NrcImgPhotomModel {
  return createModel("NrcImgPhotomModel", {
    phot_table: tableFrom({ ...selectors, photmjsr: Float32Array.of(3), uncertainty: Float32Array.of(0) }),
    meta: { instrument: { name: "NIRCAM" } },
  });
}

stepConformance(PhotomStep, { input: image, references: () => ({ photom: reference() }) });
truthSuite(PhotomStep, new URL("./truth/", import.meta.url));

describe("PhotomStep", () => {
  const call = (input: Model, photom: Model, more: Record<string, Model> = {}) =>
    PhotomStep.call(input as ImageModel, {}, { references: { area: "N/A", ...more, photom } }) as Promise<ImageModel>;

  test("the inverse undoes it", async () => {
    const there = await call(image(), reference());
    expect(there.data.data[0]).toBe(6);
    const references = { photom: reference(), area: "N/A" };
    const back = (await PhotomStep.call(there, { inverse: true }, { references })) as ImageModel;
    expect(back.data.data[0]).toBe(2);
    expect(back.meta.bunit_data).toBe("DN/s");
  });

  test("the area map is cut where the exposure lies; one that does not reach is refused", async () => {
    const data = new NdArray(
      Float32Array.from({ length: 15 }, (_, i) => i),
      [3, 5],
    );
    const area = createModel("PixelAreaModel", { data, meta: { instrument: { name: "NIRCAM" } } });
    const out = await call(image(), reference(), { area });
    expect([...(out.area as NdArray).flat()]).toEqual([1, 2, 3, 4, 6, 7, 8, 9, 11, 12, 13, 14]);
    const place = Object.entries({ SUBSTRT1: 3, SUBSTRT2: 1, SUBSIZE1: 5, SUBSIZE2: 3 });
    area.extraFits["PRIMARY"] = { header: place.map(([keyword, value]) => [keyword, value, ""]) };
    await expect(call(image(), reference(), { area })).rejects.toThrow(/beyond the reference/);
  });

  test("time dependence needs the time, and rows that match", async () => {
    const photom = reference();
    photom.timecoeff_linear = tableFrom({ ...selectors, t0: Float32Array.of(6e4), lossperyear: Float32Array.of(0.5) });
    await expect(call(image(), photom)).rejects.toThrow(/EXPMID/);
    expect((await call(image({ mid_time: 60365 }), photom)).data.data[0]).toBe(12);
    photom.timecoeff_linear = tableFrom({
      filter: ["F070W"],
      pupil: ["CLEAR"],
      t0: Float32Array.of(6e4),
      lossperyear: Float32Array.of(0.5),
    });
    await expect(call(image({ mid_time: 60365 }), photom)).rejects.toThrow(/timecoeff_linear/);
  });

  test.each([
    ["MIRI", "MIRIFUSHORT", "MIR_MRS"],
    ["NIRSPEC", "NRS1", "NRS_IMAGE"],
  ])("%s %s is skipped with a reason", async (name, detector, type) => {
    const input = image({ type });
    input.meta.instrument.name = name as never;
    input.meta.instrument.detector = detector as never;
    const out = await call(input, reference());
    expect(out.meta.cal_step.photom).toBe("SKIPPED");
    expect(out.data.data[0]).toBe(2);
  });

  test("a reference for spectra is not used on images", async () => {
    const photom = reference();
    photom.phot_table = tableFrom({
      ...selectors,
      photmjsr: Float32Array.of(3),
      uncertainty: Float32Array.of(0),
      wavelength: Float32Array.of(1),
    });
    expect((await call(image(), photom)).meta.cal_step.photom).toBe("SKIPPED");
  });
});
