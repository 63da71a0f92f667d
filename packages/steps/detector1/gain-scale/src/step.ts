import { type DeclaredTypes, defineStep, ref, type Step, type TypedReference } from "@calwebb/stpipe";

type Inputs = readonly ["ImageModel", "CubeModel", "IFUImageModel"];

/** Rescaling to the standard gain. Importing this loads no numeric code. */
export const GainScaleStep: Step<
  Omit<
    DeclaredTypes<Inputs, "ImageModel", Record<never, never>, readonly [TypedReference<"gain", never, true>]>,
    "output"
  > & {
    output: DeclaredTypes<Inputs, "ImageModel", Record<never, never>, readonly []>["input"];
  }
> = defineStep({
  alias: "gain_scale",
  className: "GainScaleStep",
  classPath: "jwst.gain_scale.GainScaleStep",
  description: "Rescale count rates taken with a non-standard gain.",
  input: ["ImageModel", "CubeModel", "IFUImageModel"],
  output: "ImageModel",
  parameters: {},
  references: [ref("gain", { optional: true, manual: true })],
  load: () => import("./process.js"),
}) as never;
