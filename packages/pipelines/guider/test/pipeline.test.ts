import { createModel, type GuiderCalModel } from "@calwebb/datamodels";
import { truthSuite } from "@calwebb/testing";
import { expect, test } from "vitest";
import { GuiderPipeline } from "../src/index.js";

truthSuite(GuiderPipeline as never, new URL("./truth/", import.meta.url));

/** Answers every look-up with "does not apply". */
const NONE = {
  find: async (_: unknown, types: readonly string[]) => Object.fromEntries(types.map((t) => [t, "N/A"])),
  prefetch: async () => ({}),
  context: async () => "",
};

test("a count rate goes straight to the flat field when the first two steps are skipped", async () => {
  const SUBARRAY = { xstart: 1, ystart: 1, xsize: 4, ysize: 4, fastaxis: 1, slowaxis: 2, name: "GENERIC" };
  const rate = createModel("GuiderCalModel", {
    shape: [2, 4, 4],
    meta: {
      instrument: { name: "FGS", detector: "GUIDER1" },
      subarray: SUBARRAY,
      exposure: { type: "FGS_TRACK" },
      cal_step: { dq_init: "COMPLETE", guider_cds: "COMPLETE" },
    },
  });
  rate.data.data.fill(6);
  const flat = createModel("FlatModel", { shape: [4, 4], meta: { subarray: SUBARRAY, instrument: { name: "FGS" } } });
  flat.data.data.fill(2);
  const out = (await GuiderPipeline.call(
    rate,
    { steps: { dq_init: { skip: true }, guider_cds: { skip: true } } } as never,
    { references: { flat }, resolver: NONE },
  )) as GuiderCalModel;
  expect(out.modelType).toBe("GuiderCalModel");
  expect(out.data.get(1, 2, 2)).toBe(3);
  expect(out.meta.cal_step.dq_init).toBe("SKIPPED");
  expect(out.meta.cal_step.flat_field).toBe("COMPLETE");
});
