import { ndarray } from "@calwebb/array";
import { createModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance } from "@calwebb/testing";
import { expect, test } from "vitest";
import { EmissionStep } from "../src/index.js";

function ramp(): RampModel {
  const data = ndarray("float32", [1, 2, 2, 2]);
  data.data.fill(7);
  return createModel("RampModel", { data, meta: { instrument: { name: "NIRCAM" } } });
}

stepConformance(EmissionStep, { input: ramp });

test("passes every array on unchanged", async () => {
  const out = await EmissionStep.call(ramp());
  expect([...out.data.flat()]).toEqual(new Array(8).fill(7));
  expect(out.meta.cal_step.emission).toBe("COMPLETE");
});
