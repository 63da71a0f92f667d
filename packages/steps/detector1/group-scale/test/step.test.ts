import { createModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { GroupScaleStep } from "../src/index.js";

function input(nframes?: number, frame_divisor?: number): RampModel {
  const ramp = createModel("RampModel", {
    shape: [1, 2, 3, 3],
    meta: { instrument: { name: "NIRSPEC" }, exposure: { type: "NRS_IFU", nframes, frame_divisor } },
  });
  ramp.data.data.fill(30);
  return ramp;
}

stepConformance(GroupScaleStep, { input: () => input(3, 4) });
truthSuite(GroupScaleStep, new URL("./truth/", import.meta.url));

test("rescales by FRMDIVSR / NFRAMES", async () => {
  const out = (await GroupScaleStep.call(input(3, 4), {})) as RampModel;
  expect(out.data.get(0, 1, 2, 2)).toBe(40);
});

test.each([
  [undefined, undefined],
  [4, undefined],
  [3, undefined],
  [8, 8],
])("NFRAMES %s and FRMDIVSR %s: SKIPPED, data as they were", async (nframes, divisor) => {
  const out = (await GroupScaleStep.call(input(nframes, divisor), {})) as RampModel;
  expect(out.meta.cal_step.group_scale).toBe("SKIPPED");
  expect(out.data.get(0, 0, 0, 0)).toBe(30);
});
