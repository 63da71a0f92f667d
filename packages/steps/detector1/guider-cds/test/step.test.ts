import { ndarray } from "@calwebb/array";
import { createModel, type GuiderRawModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { GuiderCdsStep } from "../src/index.js";

const place = { xstart: 1, ystart: 1, xsize: 2, ysize: 2 };

function raw(exposure: object = {}): GuiderRawModel {
  const data = ndarray("float32", [2, 2, 2, 2]);
  data.data.fill(5, 4, 8).fill(9, 12, 16);
  return createModel("GuiderRawModel", {
    data,
    dq: ndarray("uint32", [2, 2]),
    meta: {
      instrument: { name: "FGS", detector: "GUIDER1" },
      subarray: place,
      exposure: { type: "FGS_TRACK", group_time: 0.5, ...exposure },
    },
  });
}

const filled = (value: number) => {
  const a = ndarray("float32", [2, 2]);
  a.data.fill(value);
  return a;
};
const references = () => ({
  gain: createModel("GainModel", { data: filled(2), meta: { instrument: { name: "FGS" }, subarray: place } }),
  readnoise: createModel("ReadnoiseModel", { data: filled(4), meta: { instrument: { name: "FGS" }, subarray: place } }),
});

stepConformance(GuiderCdsStep, { input: () => raw(), references });
truthSuite(GuiderCdsStep, new URL("./truth/", import.meta.url));

describe("GuiderCdsStep", () => {
  test("gives a new model in DN/s, one plane for identification", async () => {
    const track = await GuiderCdsStep.call(raw(), {}, { references: references() });
    expect(track.modelType).toBe("GuiderCalModel");
    expect(track.data.shape).toEqual([2, 2, 2]);
    expect(track.meta.bunit_data).toBe("DN/s");
    const id = await GuiderCdsStep.call(raw({ type: "FGS_ID-IMAGE" }), {}, { references: references() });
    expect(id.data.shape).toEqual([1, 2, 2]);
    expect(id.data.get(0, 0, 0)).toBe(10);
  });

  test("needs the group time", async () => {
    await expect(GuiderCdsStep.call(raw({ group_time: undefined }), {}, { references: references() })).rejects.toThrow(
      /TGROUP/,
    );
  });
});
