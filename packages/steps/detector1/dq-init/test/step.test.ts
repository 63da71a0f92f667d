import { NdArray } from "@calwebb/array";
import { createModel, type GuiderRawModel, type MaskModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { DQInitStep } from "../src/index.js";

const SUBARRAY = { xstart: 1, ystart: 1, xsize: 4, ysize: 4, fastaxis: 1, slowaxis: 2, name: "GENERIC" };

function input(): RampModel {
  return createModel("RampModel", {
    shape: [1, 2, 4, 4],
    meta: { instrument: { name: "NIRCAM", detector: "NRCB1" }, subarray: SUBARRAY, exposure: { type: "NRC_IMAGE" } },
  });
}

function mask(ny = 4, nx = 4): MaskModel {
  const dq = new NdArray(new Uint32Array(ny * nx), [ny, nx]);
  dq.data[1] = 1025;
  dq.data[2] = 1024;
  return createModel("MaskModel", {
    dq,
    meta: { instrument: { name: "NIRCAM" }, subarray: { ...SUBARRAY, xsize: nx, ysize: ny } },
  });
}

stepConformance(DQInitStep, { input, references: () => ({ mask: mask() }) });
truthSuite(DQInitStep, new URL("./truth/", import.meta.url));

test("the mask arrives in PIXELDQ, DO_NOT_USE in every group", async () => {
  const out = (await DQInitStep.call(input(), {}, { references: { mask: mask() } })) as RampModel;
  expect([out.pixeldq.get(0, 1), out.pixeldq.get(0, 2)]).toEqual([1025, 1024]);
  expect([out.groupdq.get(0, 1, 0, 1), out.groupdq.get(0, 1, 0, 2)]).toEqual([1, 0]);
});

test("flags of the wrong shape are made anew", async () => {
  const ramp = input();
  ramp.groupdq = new NdArray(new Uint8Array(4).fill(2), [1, 1, 2, 2]);
  const out = (await DQInitStep.call(ramp, {}, { references: { mask: mask() } })) as RampModel;
  expect(out.groupdq.shape).toEqual([1, 2, 4, 4]);
  expect(out.groupdq.get(0, 0, 0, 0)).toBe(0);
});

test("a guider exposure gets the mask in DQ", async () => {
  const guider = createModel("GuiderRawModel", {
    shape: [1, 2, 4, 4],
    meta: { instrument: { name: "FGS", detector: "GUIDER1" }, subarray: SUBARRAY, exposure: { type: "FGS_TRACK" } },
  });
  const out = (await DQInitStep.call(guider, {}, { references: { mask: mask() } })) as unknown as GuiderRawModel;
  expect(out.dq.get(0, 1)).toBe(1025);
});

test("a mask that is too small is refused", async () => {
  await expect(DQInitStep.call(input(), {}, { references: { mask: mask(4, 3) } })).rejects.toThrow(
    /beyond the reference/,
  );
});
