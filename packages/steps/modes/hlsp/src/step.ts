import { boolean, type DeclaredTypes, defineStep, integer, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type HlspSpecs = { annuli_width: Param<number>; save_results: Param<boolean> };

/** Signal-to-noise image and contrast curve. Importing this loads no numeric code. */
export const HlspStep: Step<
  DeclaredTypes<"ImageModel", readonly ["ImageModel", "ContrastModel"], HlspSpecs, readonly []>
> = defineStep({
  alias: "hlsp",
  className: "HlspStep",
  classPath: "jwst.coron.HlspStep",
  description: "Make a signal-to-noise image and a contrast curve of a PSF-subtracted image.",
  input: "ImageModel",
  output: ["ImageModel", "ContrastModel"],
  parameters: {
    annuli_width: integer({ default: 2, min: 1, help: "Width of the annuli of the contrast curve [pixel]" }),
    save_results: boolean({ default: true, help: "Save the products; without it they are only given back" }),
  },
  load: () => import("./process.js"),
}) as never;
