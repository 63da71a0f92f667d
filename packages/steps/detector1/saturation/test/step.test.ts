import { createModel, type RampModel, type SaturationModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { SaturationStep } from "../src/index.js";

const SUBARRAY = { xstart: 1, ystart: 1, xsize: 5, ysize: 5, fastaxis: 1, slowaxis: 2, name: "GENERIC" };

function input(exposure: object = { nframes: 1, ngroups: 3 }): RampModel {
  const ramp = createModel("RampModel", {
    shape: [1, 3, 5, 5],
    meta: {
      instrument: { name: "NIRCAM", detector: "NRCB1" },
      subarray: SUBARRAY,
      exposure: { type: "NRC_IMAGE", ...exposure },
    },
  });
  ramp.data.data.fill(10);
  ramp.data.set(0, 1, 2, 2, 500);
  return ramp;
}

function reference(): SaturationModel {
  const model = createModel("SaturationModel", {
    shape: [5, 5],
    meta: { instrument: { name: "NIRCAM" }, subarray: SUBARRAY },
  });
  model.data.data.fill(100);
  return model;
}

const run = async (ramp: RampModel, params = {}, saturation = reference()): Promise<RampModel> =>
  (await SaturationStep.call(ramp, params, {
    references: { saturation },
    resolver: {
      find: async (_, types) => Object.fromEntries(types.map((t) => [t, "N/A"])),
      prefetch: async () => ({}),
      context: async () => "",
    },
  })) as RampModel;

stepConformance(SaturationStep, { input, references: () => ({ saturation: reference() }) });
truthSuite(SaturationStep, new URL("./truth/", import.meta.url));

describe("saturation", () => {
  test("n_pix_grow_sat sets how far the flag spreads", async () => {
    for (const [grow, near, far] of [
      [0, 0, 0],
      [1, 2, 0],
      [2, 2, 2],
    ]) {
      const out = await run(input(), { n_pix_grow_sat: grow });
      expect(out.groupdq.get(0, 2, 2, 2)).toBe(2);
      expect(out.groupdq.get(0, 1, 1, 2)).toBe(near);
      expect(out.groupdq.get(0, 1, 0, 0)).toBe(far);
      expect(out.groupdq.get(0, 0, 2, 2)).toBe(0);
    }
  });

  test("the read pattern wants NFRAMES, unless it is turned off", async () => {
    await expect(run(input({ ngroups: 3 }))).rejects.toThrow(/NFRAMES/);
    expect((await run(input({}), { use_readpatt: false })).meta.cal_step.saturation).toBe("COMPLETE");
  });

  test("a threshold of NaN is not checked and says so", async () => {
    const ref = reference();
    ref.data.set(2, 2, Number.NaN);
    const out = await run(input(), {}, ref);
    expect(out.groupdq.get(0, 2, 2, 2)).toBe(0);
    expect(out.pixeldq.get(2, 2)).toBe(2097152);
  });
});
