import { ndarray } from "@calwebb/array";
import { createModel, type RampModel } from "@calwebb/datamodels";
import { group } from "@calwebb/dqflags";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { FirstFrameStep } from "../src/index.js";

function ramp(ngroups = 4): RampModel {
  const data = ndarray("float32", [1, ngroups, 2, 2]);
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    pixeldq: ndarray("uint32", [2, 2]),
    meta: { instrument: { name: "MIRI", detector: "MIRIMAGE" } },
  });
}

stepConformance(FirstFrameStep, { input: ramp });
truthSuite(FirstFrameStep, new URL("./truth/", import.meta.url));

describe("FirstFrameStep", () => {
  test("minimum_groups lowers the limit", async () => {
    const at3 = await FirstFrameStep.call(ramp(2), {});
    expect(at3.meta.cal_step.firstframe).toBe("SKIPPED");
    const at2 = await FirstFrameStep.call(ramp(2), { minimum_groups: 2 });
    expect([...at2.groupdq.flat()]).toEqual([1, 1, 1, 1, 0, 0, 0, 0].map((v) => v * group.DO_NOT_USE));
  });
});
