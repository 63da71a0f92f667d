import { createModel, type RampModel, type SuperBiasModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { SuperBiasStep } from "../src/index.js";

const SUBARRAY = { xstart: 1, ystart: 1, xsize: 4, ysize: 4, fastaxis: 1, slowaxis: 2, name: "GENERIC" };

function input(): RampModel {
  const ramp = createModel("RampModel", {
    shape: [1, 2, 4, 4],
    meta: { instrument: { name: "NIRCAM", detector: "NRCB1" }, subarray: SUBARRAY, exposure: { type: "NRC_IMAGE" } },
  });
  ramp.data.data.fill(100);
  return ramp;
}

function reference(): SuperBiasModel {
  const bias = createModel("SuperBiasModel", {
    shape: [4, 4],
    meta: { instrument: { name: "NIRCAM" }, subarray: SUBARRAY },
  });
  bias.data.data.fill(30);
  bias.dq.data[3] = 256;
  return bias;
}

stepConformance(SuperBiasStep, { input, references: () => ({ superbias: reference() }) });
truthSuite(SuperBiasStep, new URL("./truth/", import.meta.url));

test("subtracts and joins the flags", async () => {
  const out = (await SuperBiasStep.call(input(), {}, { references: { superbias: reference() } })) as RampModel;
  expect(out.data.get(0, 1, 2, 2)).toBe(70);
  expect(out.pixeldq.get(0, 3)).toBe(256);
});

test("a superbias of another size is refused with both sizes", async () => {
  const small = createModel("SuperBiasModel", {
    shape: [3, 4],
    meta: { instrument: { name: "NIRCAM" }, subarray: { ...SUBARRAY, ysize: 3 } },
  });
  await expect(SuperBiasStep.call(input(), {}, { references: { superbias: small } })).rejects.toThrow(
    /beyond the reference/,
  );
});
