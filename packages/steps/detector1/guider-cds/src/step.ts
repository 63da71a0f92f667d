import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

/** Count rates of guider exposures. Importing this loads no numeric code. */
export const GuiderCdsStep: Step<
  DeclaredTypes<"GuiderRawModel", "GuiderCalModel", Record<never, never>, readonly ["gain", "readnoise"]>
> = defineStep({
  alias: "guider_cds",
  className: "GuiderCdsStep",
  classPath: "jwst.guider_cds.GuiderCdsStep",
  description: "Compute count rates of FGS guider exposures.",
  input: "GuiderRawModel",
  output: "GuiderCalModel",
  parameters: {},
  references: ["gain", "readnoise"],
  load: () => import("./process.js"),
});
