import { boolean, type DeclaredTypes, defineStep, integer, type Param, type Step, string } from "@calwebb/stpipe";

/** Parameters of the step. */
export type WfsCombineSpecs = {
  do_refine: Param<boolean>;
  flip_dithers: Param<boolean>;
  psf_size: Param<number>;
  blur_size: Param<number>;
  n_size: Param<number>;
  suffix: Param<string | null>;
  output_use_model: Param<boolean>;
};

/** Combination of pairs of wavefront sensing images. Importing this loads no numeric code. */
export const WfsCombineStep: Step<
  DeclaredTypes<readonly ["ModelContainer"], "ModelContainer", WfsCombineSpecs, readonly []>
> = defineStep({
  alias: "calwebb_wfs-image3",
  className: "WfsCombineStep",
  classPath: "jwst.wfs_combine.WfsCombineStep",
  description: "Combine pairs of dithered wavefront sensing images.",
  input: ["ModelContainer"],
  output: "ModelContainer",
  calStep: "wfs_combine",
  takesFiles: true,
  parameters: {
    do_refine: boolean({
      default: false,
      help: "Measure the offset on the images, beginning at that of the world coordinates",
    }),
    flip_dithers: boolean({ default: true, help: "Exchange the images when the offset in x is negative" }),
    psf_size: integer({ default: 100, help: "Half of the side of the area that the offset is measured in [pixel]" }),
    blur_size: integer({ default: 10, help: "Width of the kernel that finds the PSF [pixel]" }),
    n_size: integer({ default: 2, help: "Half of the side of the area that bad pixels are interpolated from [pixel]" }),
    suffix: string({ default: "wfscmb", help: "Last part of the name of the products" }),
    output_use_model: boolean({ default: true, help: "Name the products as the association does" }),
  },
  load: () => import("./process.js"),
}) as never;
