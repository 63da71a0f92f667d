import { createModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { describe, expect, test } from "vitest";
import { RefPixStep } from "../src/index.js";

/** A subarray at the lower left corner of the detector: four rows and columns of reference pixels. */
function input(instrument = "NIRCAM", detector = "NRCB1"): RampModel {
  const ramp = createModel("RampModel", {
    shape: [1, 2, 10, 12],
    meta: {
      instrument: { name: instrument, detector },
      subarray: { name: "SUB64P", xstart: 1, ystart: 1, xsize: 12, ysize: 10, fastaxis: 1, slowaxis: 2 },
      exposure: { type: "NRC_IMAGE", noutputs: 1 },
    },
  });
  for (let g = 0; g < 2; g++)
    for (let y = 0; y < 10; y++)
      for (let x = 0; x < 12; x++) {
        const reference = y < 4 || x < 4;
        // Odd and even columns lie at 100 and 110, higher in the second group.
        ramp.data.set(0, g, y, x, (reference ? 0 : 1000) + 100 + 10 * (x % 2) + 5 * g);
        if (reference) ramp.pixeldq.set(y, x, 2147483648);
      }
  return ramp;
}

const run = async (ramp: RampModel, params: object = {}): Promise<RampModel> =>
  (await RefPixStep.call(ramp, params as never, {})) as RampModel;

stepConformance(RefPixStep, { input });
truthSuite(RefPixStep, new URL("./truth/", import.meta.url));

describe("refpix", () => {
  test("odd and even columns have levels of their own, unless told otherwise", async () => {
    const apart = await run(input());
    expect([apart.data.get(0, 0, 5, 5), apart.data.get(0, 1, 5, 6)]).toEqual([1000, 1000]);
    const together = await run(input(), { odd_even_columns: false });
    expect([together.data.get(0, 0, 5, 5), together.data.get(0, 1, 5, 6)]).toEqual([1005, 995]);
  });

  test("MIRI subarrays are skipped", async () => {
    const out = await run(input("MIRI", "MIRIMAGE"));
    expect(out.meta.cal_step.refpix).toBe("SKIPPED");
    expect(out.data.get(0, 0, 5, 5)).toBe(1110);
  });

  test.each([
    0, -3, 4096,
  ])("a window of %i rows counts only where sides are smoothed", async (side_smoothing_length) => {
    const fourOutputs = (): RampModel => {
      const ramp = input();
      ramp.meta.exposure.noutputs = 4;
      return ramp;
    };
    await expect(run(fourOutputs(), { side_smoothing_length })).rejects.toThrow(/wanted 1 to 4095/);
    const out = await run(fourOutputs(), { side_smoothing_length, use_side_ref_pixels: false });
    expect(out.meta.cal_step.refpix).toBe("COMPLETE");
  });

  test("missing keywords are named", async () => {
    const ramp = input();
    ramp.delete("meta.subarray.fastaxis");
    await expect(run(ramp)).rejects.toThrow(/FASTAXIS/);
    const unplaced = input();
    unplaced.delete("meta.subarray.xsize");
    await expect(run(unplaced)).rejects.toThrow(/xsize/);
  });

  test("sirs without kernels for the detector is the running median", async () => {
    const full = (): RampModel => {
      const ramp = createModel("RampModel", {
        shape: [1, 1, 2048, 2048],
        meta: {
          instrument: { name: "NIRCAM", detector: "NRCB1" },
          subarray: { name: "FULL", xstart: 1, ystart: 1, xsize: 2048, ysize: 2048, fastaxis: 1, slowaxis: -2 },
          exposure: { type: "NRC_IMAGE", noutputs: 4 },
        },
      });
      const data = ramp.data.data;
      for (let i = 0; i < data.length; i++) data[i] = 500 + ((i * 31) % 17) + (i >> 16);
      return ramp;
    };
    const sirs = await run(full(), { refpix_algorithm: "sirs", override_sirskernel: "N/A" });
    const median = await run(full());
    expect(sirs.data.data).toEqual(median.data.data);
    expect(median.data.get(0, 0, 1000, 1000)).not.toBe(full().data.get(0, 0, 1000, 1000));
  });
});
