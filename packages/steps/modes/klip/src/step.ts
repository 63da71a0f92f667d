import { type DeclaredTypes, defineStep, integer, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type KlipSpecs = { truncate: Param<number> };

/** PSF subtraction by KLIP. The second input holds the aligned references. Importing this loads no numeric code. */
export const KlipStep: Step<DeclaredTypes<"CubeModel", "CubeModel", KlipSpecs, readonly []>> = defineStep({
  alias: "klip",
  className: "KlipStep",
  classPath: "jwst.coron.KlipStep",
  description: "Subtract the PSF of a coronagraphic target that its references predict.",
  input: "CubeModel",
  output: "CubeModel",
  positional: ["target", "references"],
  parameters: {
    truncate: integer({ default: 50, min: 0, help: "How many Karhunen-Loeve images to keep" }),
  },
  load: () => import("./process.js"),
});
