import {
  boolean,
  type DeclaredTypes,
  defineStep,
  float,
  integer,
  option,
  type Param,
  ref,
  type Step,
  string,
  type TypedReference,
} from "@calwebb/stpipe";

/** Parameters of the step. */
export type PersistenceSpecs = {
  algorithm: Param<"window" | "traps">;
  save_persistence: Param<string | null>;
  persistence_time: Param<number | null>;
  dn_threshold: Param<number | null>;
  persistence_array_file: Param<string | null>;
  persistence_dnu: Param<boolean>;
  input_trapsfilled: Param<string | null>;
  flag_pers_cutoff: Param<number | null>;
};

type Traps = readonly [
  TypedReference<"trapdensity", never, true>,
  TypedReference<"persat", never, true>,
  TypedReference<"trappars", never, true>,
];

const ofTraps = {
  optional: true,
  needs: (_model: unknown, params: Readonly<Record<string, unknown>>) => params["algorithm"] === "traps",
} as const;

/** Flags or subtracts persistence. Importing this loads no numeric code. */
export const PersistenceStep: Step<DeclaredTypes<"RampModel", "RampModel", PersistenceSpecs, Traps>> = defineStep({
  alias: "persistence",
  className: "PersistenceStep",
  classPath: "jwst.persistence.PersistenceStep",
  description: "Flag or subtract persistence of earlier bright exposures.",
  input: "RampModel",
  output: "RampModel",
  skip: true,
  parameters: {
    algorithm: option(["window", "traps"], {
      extension: true,
      default: "window",
      help: "Flag a time after saturation, or subtract the charge that a model of charge traps releases",
    }),
    save_persistence: string({
      help: "File (.asdf) for the open windows; traps: any text but None and false saves what was subtracted",
    }),
    persistence_time: integer({ help: "Time that persistence lasts after saturation [s] (window)" }),
    dn_threshold: float({ help: "Value above which a window opens too [DN] (window)" }),
    persistence_array_file: string({ help: "File of windows that earlier exposures left open (window)" }),
    persistence_dnu: boolean({ default: false, help: "Flag DO_NOT_USE too (window)" }),
    input_trapsfilled: string({
      extension: true,
      help: "Traps filled at the end of the previous exposure with this detector (traps)",
    }),
    flag_pers_cutoff: float({
      extension: true,
      default: 40,
      help: "Flag pixels corrected by at least this much [DN] (traps)",
    }),
  },
  references: [ref("trapdensity", ofTraps), ref("persat", ofTraps), ref("trappars", ofTraps)],
  load: () => import("./process.js"),
}) as never;
