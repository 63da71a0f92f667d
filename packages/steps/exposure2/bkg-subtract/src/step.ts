import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  floatList,
  forceList,
  integer,
  type Param,
  ref,
  type Step,
  string,
} from "@calwebb/stpipe";
import { unsupported } from "./modes.js";

/** Parameters of the step. */
export type BackgroundSpecs = {
  bkg_list: Param<readonly unknown[] | null>;
  save_combined_background: Param<boolean>;
  sigma: Param<number>;
  maxiters: Param<number | null>;
  soss_source_percentile: Param<number>;
  soss_bkg_percentile: Param<readonly number[] | null>;
  wfss_mmag_extract: Param<number | null>;
  wfss_mask: Param<string | null>;
  wfss_maxiter: Param<number>;
  wfss_rms_stop: Param<number>;
  wfss_outlier_percent: Param<number>;
};

type Inputs = readonly ["ImageModel", "CubeModel", "IFUImageModel"];

/** Subtraction of dedicated background exposures. Importing this loads no numeric code. */
export const BackgroundStep: Step<
  DeclaredTypes<Inputs, Inputs[number], BackgroundSpecs, readonly ["bkg", "wavelengthrange"]>
> = defineStep({
  alias: "bkg_subtract",
  className: "BackgroundStep",
  classPath: "jwst.background.BackgroundStep",
  description: "Subtract dedicated background exposures.",
  input: ["ImageModel", "CubeModel", "IFUImageModel"],
  output: "ImageModel",
  associations: "level2",
  positional: ["file", "backgrounds?"],
  parameters: {
    bkg_list: forceList({ help: "Background exposures; the members of an association win" }),
    save_combined_background: boolean({ default: false, help: "Save the combined background" }),
    sigma: float({ default: 3, help: "Clipping limit when backgrounds are combined [standard deviations]" }),
    maxiters: integer({ help: "Most rounds of clipping; None: until nothing is clipped" }),
    soss_source_percentile: float({ default: 35, help: "SOSS: brighter pixels than this percentile are source" }),
    soss_bkg_percentile: floatList({ min: 2, max: 2, help: "SOSS: percentiles of background pixels to use" }),
    wfss_mmag_extract: float({ help: "WFSS: faintest AB magnitude of masked sources" }),
    wfss_mask: string({ help: "WFSS: file with a mask of sources" }),
    wfss_maxiter: integer({ default: 5, help: "WFSS: most rounds of outlier rejection" }),
    wfss_rms_stop: float({ default: 0, help: "WFSS: improvement of the RMS at which rejection ends [percent]" }),
    wfss_outlier_percent: float({ default: 1, help: "WFSS: percentile rejected per round" }),
  },
  references: [
    // Only the modes that scale a reference background ask for them.
    ref("bkg", { manual: true }),
    ref("wavelengthrange", { manual: true }),
  ],
  gate: (model) => unsupported(model.meta.exposure.type),
  load: () => import("./process.js"),
}) as never;
