import {
  boolean,
  type DeclaredTypes,
  defineStep,
  integer,
  option,
  type Param,
  ref,
  type Step,
  string,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type AlignRefsSpecs = {
  median_box_length: Param<number>;
  bad_bits: Param<string | null>;
  each_integration: Param<boolean>;
  fit_precision: Param<"single" | "double">;
};

type Psfmask = TypedReference<"psfmask", never, true>;

/** Alignment of reference PSFs with a target. The second input holds the stacked PSFs. Importing this loads no numeric code. */
export const AlignRefsStep: Step<
  DeclaredTypes<"CubeModel", readonly ["CubeModel", "QuadModel"], AlignRefsSpecs, readonly [Psfmask]>
> = defineStep({
  alias: "align_refs",
  className: "AlignRefsStep",
  classPath: "jwst.coron.AlignRefsStep",
  description: "Align reference PSF images with coronagraphic target images.",
  input: "CubeModel",
  output: ["CubeModel", "QuadModel"],
  // The result is made from the second input; its status is recorded there, also when there is no mask.
  calStep: null,
  positional: ["target", "psfs"],
  parameters: {
    median_box_length: integer({
      default: 3,
      min: 0,
      help: "Side of the box whose median replaces a bad pixel [pixel]",
    }),
    bad_bits: string({
      default: "DO_NOT_USE",
      help: "DQ flags of bad pixels, by name or number; empty or None: no flag is bad",
    }),
    fit_precision: option(["single", "double"], {
      default: "single",
      help: "Precision of the fit: double finds the shifts, single stays near zero as the reference implementation does",
      extension: true,
    }),
    each_integration: boolean({
      default: false,
      help: "Align with each integration of the target, not only with the first; gives a 4-D stack",
      extension: true,
    }),
  },
  references: [ref("psfmask", { optional: true })],
  load: () => import("./process.js"),
}) as never;
