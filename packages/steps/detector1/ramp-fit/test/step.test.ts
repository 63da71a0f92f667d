import {
  type CubeModel,
  createModel,
  type GainModel,
  type ImageModel,
  type RampModel,
  type ReadnoiseModel,
} from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { RampFitStep } from "../src/index.js";

const SUBARRAY = { xstart: 1, ystart: 1, xsize: 4, ysize: 4, fastaxis: 1, slowaxis: 2, name: "GENERIC" };
const EXPOSURE = { type: "NRC_IMAGE", frame_time: 10, group_time: 10, nframes: 1, groupgap: 0, ngroups: 5, nints: 2 };

function input(exposure: Record<string, unknown> = {}, instrument = "NIRCAM"): RampModel {
  const ramp = createModel("RampModel", {
    shape: [2, 5, 4, 4],
    meta: { instrument: { name: instrument }, subarray: SUBARRAY, exposure: { ...EXPOSURE, ...exposure } },
  });
  for (let s = 0; s < 10; s++) ramp.data.data.fill(100 + 20 * (s % 5), 16 * s, 16 * s + 16);
  return ramp;
}

function references(gain = 2): { gain: GainModel; readnoise: ReadnoiseModel } {
  const meta = { instrument: { name: "NIRCAM" }, subarray: SUBARRAY };
  const models = {
    gain: createModel("GainModel", { shape: [4, 4], meta }),
    readnoise: createModel("ReadnoiseModel", { shape: [4, 4], meta }),
  };
  models.gain.data.data.fill(gain);
  models.readnoise.data.data.fill(10);
  return models;
}

const fit = async (ramp: RampModel, params: object = {}, refs = references()): Promise<[ImageModel, CubeModel]> =>
  (await RampFitStep.call(ramp, params, { references: refs })) as unknown as [ImageModel, CubeModel];

stepConformance(RampFitStep, { input, references });
truthSuite(RampFitStep, new URL("./truth/", import.meta.url));

describe("ramp_fit", () => {
  test("gives the mean rate and the rates per integration", async () => {
    const [rate, rateints] = await fit(input());
    expect(rate.modelType).toBe("ImageModel");
    expect(rateints.modelType).toBe("CubeModel");
    expect(rate.data.get(1, 1)).toBeCloseTo(2, 6);
    expect(rateints.data.shape).toEqual([2, 4, 4]);
    expect(rate.meta.bunit_data).toBe("DN/s");
    expect(rateints.meta.cal_step.ramp_fit).toBe("COMPLETE");
  });

  test("keeps the gain factor of the reference", async () => {
    const refs = references();
    refs.gain.meta.exposure.gain_factor = 2;
    const [rate] = await fit(input(), {}, refs);
    expect(rate.meta.exposure.gain_factor).toBe(2);
  });

  test("a saturated exposure has no result", async () => {
    const ramp = input();
    ramp.groupdq.data.fill(2);
    expect(await fit(ramp)).toEqual([]);
  });

  test("listed read times ask for the likelihood algorithm", async () => {
    const [rate] = await fit(input({ read_times: [[10], [20], [40], [50], [60]] }));
    expect(Number.isFinite(rate.data.get(0, 0))).toBe(true);
    expect(rate.data.get(0, 0)).not.toBeCloseTo(2, 3);
  });

  test("an exposure without its times is refused by keyword", async () => {
    await expect(fit(input({ group_time: undefined }))).rejects.toThrow(/TGROUP/);
  });

  test("references of another size are refused with both sizes", async () => {
    const refs = references();
    refs.gain = createModel("GainModel", {
      shape: [3, 4],
      meta: { subarray: SUBARRAY, instrument: { name: "NIRCAM" } },
    });
    await expect(fit(input(), {}, refs)).rejects.toThrow(/gain|reference/);
  });
});
