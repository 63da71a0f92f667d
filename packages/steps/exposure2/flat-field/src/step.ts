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
import { unsupported } from "./modes.js";

/** Parameters of the step. */
export type FlatFieldSpecs = {
  save_interpolated_flat: Param<boolean>;
  user_supplied_flat: Param<string | null>;
  inverse: Param<boolean>;
};

type Inputs = readonly ["ImageModel", "CubeModel", "GuiderCalModel", "IFUImageModel", "SlitModel", "MultiSlitModel"];
type Flats = readonly [
  TypedReference<"flat", "FlatModel", true>,
  TypedReference<"fflat", never, true>,
  TypedReference<"sflat", never, true>,
  TypedReference<"dflat", never, true>,
];

const looked = {
  optional: true,
  needs: (_model: unknown, params: Readonly<Record<string, unknown>>) => params["user_supplied_flat"] === null,
} as const;

/** Division by a flat field. Importing this loads no numeric code. */
export const FlatFieldStep: Step<DeclaredTypes<Inputs, Inputs[number], FlatFieldSpecs, Flats>> = defineStep({
  alias: "flat_field",
  className: "FlatFieldStep",
  classPath: "jwst.flatfield.FlatFieldStep",
  description: "Divide images by a flat field.",
  input: ["ImageModel", "CubeModel", "GuiderCalModel", "IFUImageModel", "SlitModel", "MultiSlitModel"],
  output: "ImageModel",
  parameters: {
    save_interpolated_flat: boolean({ default: false, help: "Save the flat that was applied" }),
    user_supplied_flat: string({ help: "Flat to use in place of the reference files" }),
    inverse: boolean({ default: false, help: "Multiply by the flat, which undoes the step" }),
  },
  references: [
    ref("flat", { ...looked, model: "FlatModel" }),
    ref("fflat", looked),
    ref("sflat", looked),
    ref("dflat", looked),
  ],
  gate: (model) => unsupported(model),
  load: () => import("./process.js"),
}) as never;
