import { ndarray } from "@calwebb/array";
import { createModel, type RampModel } from "@calwebb/datamodels";
import { stepConformance, truthSuite } from "@calwebb/testing";
import { ChargeMigrationStep } from "../src/index.js";

function ramp(): RampModel {
  const data = ndarray("float32", [2, 3, 3, 3]);
  data.data.fill(30000, 20, 24);
  return createModel("RampModel", {
    data,
    groupdq: ndarray("uint8", data.shape),
    meta: { instrument: { name: "NIRISS", detector: "NIS" } },
  });
}

stepConformance(ChargeMigrationStep, { input: ramp });
truthSuite(ChargeMigrationStep, new URL("./truth/", import.meta.url));
