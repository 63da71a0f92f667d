import { type DeclaredTypes, defineStep, type Param, type Step, string } from "@calwebb/stpipe";

type Ramps = readonly ["RampModel", "SuperstripeRampModel", "GuiderRawModel"];
type Params = { user_supplied_dq: Param<string | null> };

/** Initialisation of the data quality flags. Importing this loads no numeric code. */
export const DQInitStep: Step<DeclaredTypes<Ramps, "RampModel", Params, readonly ["mask"]>> = defineStep({
  alias: "dq_init",
  className: "DQInitStep",
  classPath: "jwst.dq_init.DQInitStep",
  description: "Initialise the data quality flags from the bad pixel mask.",
  input: ["RampModel", "SuperstripeRampModel", "GuiderRawModel"],
  output: "RampModel",
  parameters: {
    user_supplied_dq: string({
      help: "FITS file whose first image holds further flags for the pixels of the exposure",
    }),
  },
  references: ["mask"],
  load: () => import("./process.js"),
});
