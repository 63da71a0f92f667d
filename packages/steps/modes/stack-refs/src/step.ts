import { type DeclaredTypes, defineStep, type Step } from "@calwebb/stpipe";

/** Stacking of reference PSF exposures. Importing this loads no numeric code. */
export const StackRefsStep: Step<
  DeclaredTypes<readonly ["ModelContainer", "CubeModel"], "CubeModel", Record<never, never>, readonly []>
> = defineStep({
  alias: "stack_refs",
  className: "StackRefsStep",
  classPath: "jwst.coron.StackRefsStep",
  description: "Stack the integrations of reference PSF exposures.",
  input: ["ModelContainer", "CubeModel"],
  output: "CubeModel",
  calStep: "stack_psfs",
  parameters: {},
  load: () => import("./process.js"),
});
