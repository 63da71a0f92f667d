import { boolean, type DeclaredTypes, defineStep, float, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type PictureFrameSpecs = {
  mask_science_regions: Param<boolean>;
  n_sigma: Param<number>;
  save_mask: Param<boolean>;
  save_correction: Param<boolean>;
};

type Names = readonly ["RampModel", "ImageModel", "CubeModel"];

/** Removal of the picture frame. Importing this loads no numeric code. */
export const PictureFrameStep: Step<DeclaredTypes<Names, Names, PictureFrameSpecs, readonly ["pictureframe"]>> =
  defineStep({
    alias: "picture_frame",
    className: "PictureFrameStep",
    classPath: "jwst.picture_frame.PictureFrameStep",
    description: "Subtract the thermal picture frame of NIRSpec full frames.",
    input: ["RampModel", "ImageModel", "CubeModel"],
    output: ["RampModel", "ImageModel", "CubeModel"],
    skip: true,
    parameters: {
      mask_science_regions: boolean({
        default: true,
        help: "Leave out slits, slices and failed-open shutters",
      }),
      n_sigma: float({ default: 2, help: "Signal is above this many sigma; 0 keeps all pixels" }),
      save_mask: boolean({ default: false, help: "Save the mask of the background" }),
      save_correction: boolean({ default: false, help: "Save what was added to the data" }),
    },
    references: ["pictureframe"],
    load: () => import("./process.js"),
  });
