import {
  boolean,
  type DeclaredTypes,
  defineStep,
  integer,
  type Param,
  ref,
  type Step,
  type TypedReference,
} from "@calwebb/stpipe";

type Ramps = readonly ["RampModel", "SuperstripeRampModel"];
type Params = { n_pix_grow_sat: Param<number>; use_readpatt: Param<boolean> };
type References = readonly [TypedReference<"superbias", never, true>, "saturation"];

/** Flagging of saturation. Importing this loads no numeric code. */
export const SaturationStep: Step<DeclaredTypes<Ramps, "RampModel", Params, References>> = defineStep({
  alias: "saturation",
  className: "SaturationStep",
  classPath: "jwst.saturation.SaturationStep",
  description: "Flag saturated groups and groups at the floor of the A/D converter.",
  input: ["RampModel", "SuperstripeRampModel"],
  output: "RampModel",
  parameters: {
    n_pix_grow_sat: integer({ default: 1, help: "Layers of pixels around a saturated one that are flagged too" }),
    use_readpatt: boolean({ default: true, help: "Look for saturation that the averaging of frames hides" }),
  },
  // The superbias first: it is recorded even where no thresholds exist.
  references: [ref("superbias", { optional: true, arrays: ["data"], kept: true }), "saturation"],
  load: () => import("./process.js"),
});
