import {
  boolean,
  type DeclaredTypes,
  defineStep,
  type Param,
  ref,
  type Step,
  string,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type PhotomSpecs = {
  inverse: Param<boolean>;
  source_type: Param<string | null>;
  apply_time_correction: Param<boolean>;
};

type Inputs = readonly ["ImageModel", "CubeModel", "IFUImageModel", "SlitModel", "MultiSlitModel"];
type References = readonly [TypedReference<"photom", never, true>, TypedReference<"area", "PixelAreaModel", true>];

/** Flux calibration. Importing this loads no numeric code. */
export const PhotomStep: Step<DeclaredTypes<Inputs, Inputs[number], PhotomSpecs, References>> = defineStep({
  alias: "photom",
  className: "PhotomStep",
  classPath: "jwst.photom.PhotomStep",
  description: "Convert count rates to surface brightness.",
  input: ["ImageModel", "CubeModel", "IFUImageModel", "SlitModel", "MultiSlitModel"],
  output: "ImageModel",
  parameters: {
    inverse: boolean({ default: false, help: "Undo the calibration" }),
    source_type: string({ help: "POINT or EXTENDED, in place of what the exposure says" }),
    apply_time_correction: boolean({ default: true, help: "Correct for the loss of sensitivity with time" }),
  },
  references: [
    ref("photom", { optional: true }),
    ref("area", {
      optional: true,
      model: (model) => (model.meta.instrument.name?.toUpperCase() === "NIRSPEC" ? undefined : "PixelAreaModel"),
    }),
  ],
  load: () => import("./process.js"),
}) as never;
