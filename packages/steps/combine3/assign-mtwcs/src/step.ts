import { boolean, type DeclaredTypes, defineStep, type Param, type Step, string } from "@calwebb/stpipe";

/** Parameters of the step. */
export type AssignMTWcsSpecs = {
  suffix: Param<string | null>;
  output_use_model: Param<boolean>;
};

/** World coordinates of exposures on a moving target. Importing this loads no numeric code. */
export const AssignMTWcsStep: Step<
  DeclaredTypes<readonly ["ModelContainer"], "ModelContainer", AssignMTWcsSpecs, readonly []>
> = defineStep({
  alias: "assign_mtwcs",
  className: "AssignMTWcsStep",
  classPath: "jwst.assign_mtwcs.AssignMTWcsStep",
  description: "Align the world coordinates of exposures on a moving target.",
  input: ["ModelContainer"],
  output: "ModelContainer",
  parameters: {
    suffix: string({ default: "assign_mtwcs", help: "Last part of the name of the products" }),
    output_use_model: boolean({ default: true, help: "Name the products after the exposures" }),
  },
  load: () => import("./process.js"),
}) as never;
