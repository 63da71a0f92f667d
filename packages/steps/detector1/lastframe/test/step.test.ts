import { ndarray } from "@calwebb/array";
import { createModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { LastFrameStep } from "../src/index.js";

function ramp(ngroups = 4): RampModel {
  const data = ndarray("float32", [1, ngroups, 1, 2]);
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    meta: { instrument: { name: "MIRI", detector: "MIRIFULONG" } },
  });
}

stepConformance(LastFrameStep, { input: ramp });
truthSuite(LastFrameStep, new URL("./truth/", import.meta.url));

describe("LastFrameStep", () => {
  test("minimum_groups lowers the limit", async () => {
    expect((await LastFrameStep.call(ramp(2))).meta.cal_step.lastframe).toBe("SKIPPED");
    const out = await LastFrameStep.call(ramp(2), { minimum_groups: 2 });
    expect([...out.groupdq.flat()]).toEqual([0, 0, 1, 1]);
  });
});
