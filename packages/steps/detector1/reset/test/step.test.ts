import { ndarray } from "@calwebb/array";
import { createModel, type RampModel, type ResetModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { ResetStep } from "../src/index.js";

function ramp(nints = 2, exposure: object = {}): RampModel {
  const data = ndarray("float32", [nints, 3, 2, 2]);
  data.data.fill(100);
  return createModel("RampModel", {
    data,
    pixeldq: ndarray("uint32", [2, 2]),
    meta: { instrument: { name: "MIRI", detector: "MIRIMAGE" }, exposure },
  });
}

/** 2 integrations of 2 groups, integration i subtracts i + 1. */
function reset(shape = [2, 2]): ResetModel {
  const n = shape[0] * shape[1];
  const data = ndarray("float32", [2, 2, ...shape]);
  data.data.fill(1, 0, 2 * n).fill(2, 2 * n);
  return createModel("ResetModel", { data, dq: ndarray("uint32", shape), meta: { instrument: { name: "MIRI" } } });
}

stepConformance(ResetStep, { input: () => ramp(), references: () => ({ reset: reset() }) });
truthSuite(ResetStep, new URL("./truth/", import.meta.url));

describe("ResetStep", () => {
  const call = (input: RampModel, reference = reset()) =>
    ResetStep.call(input, {}, { references: { reset: reference } });
  const firsts = (out: RampModel) => Array.from({ length: out.data.shape[0] }, (_, i) => out.data.get(i, 0, 0, 0));

  test("without keywords the arrays say how much there is; the last integration goes on", async () => {
    const out = await call(ramp(4));
    expect(firsts(out)).toEqual([99, 98, 98, 98]);
    expect(out.data.get(0, 2, 0, 0)).toBe(100);
  });

  test("a segment starts with its own integration", async () => {
    const out = await call(ramp(2, { nints: 9, integration_start: 2, integration_end: 3 }));
    expect(firsts(out)).toEqual([98, 98]);
  });

  test("another size is refused", async () => {
    await expect(call(ramp(), reset([3, 2]))).rejects.toThrow(/3 x 2 pixels, the exposure 2 x 2/);
  });
});
