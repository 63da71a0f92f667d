import { NdArray } from "@calwebb/array";
import { createModel, type IPCModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { IPCStep } from "../src/index.js";

/** Away from the edges of the detector: no reference pixels. */
const SUBARRAY = { xstart: 101, ystart: 201, xsize: 5, ysize: 5, fastaxis: 1, slowaxis: 2, name: "GENERIC" };

function input(): RampModel {
  const ramp = createModel("RampModel", {
    shape: [1, 2, 5, 5],
    meta: { instrument: { name: "NIRCAM", detector: "NRCB1" }, subarray: SUBARRAY, exposure: { type: "NRC_IMAGE" } },
  });
  ramp.data.data[12] = 100;
  return ramp;
}

const kernel = (...shape: number[]): IPCModel =>
  createModel("IPCModel", {
    data: new NdArray(new Float32Array(shape.reduce((a, b) => a * b)).fill(-0.01), shape),
    meta: { instrument: { name: "NIRCAM" } },
  });

stepConformance(IPCStep, { input, references: () => ({ ipc: kernel(3, 3) }) });
truthSuite(IPCStep, new URL("./truth/", import.meta.url));

test("convolves each group on its own", async () => {
  const out = (await IPCStep.call(input(), {}, { references: { ipc: kernel(3, 3) } })) as RampModel;
  expect(out.data.get(0, 0, 2, 2)).toBe(-1);
  expect(out.data.get(0, 0, 0, 0)).toBeCloseTo(0);
  expect(out.data.get(0, 1, 2, 2)).toBeCloseTo(0);
});

test("a kernel per pixel must cover the exposure", async () => {
  await expect(IPCStep.call(input(), {}, { references: { ipc: kernel(3, 3, 10, 10) } })).rejects.toThrow(
    /kernel covers/,
  );
});
