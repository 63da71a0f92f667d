import { type DeclaredTypes, defineStep, float, type Param, type Step } from "@calwebb/stpipe";

/** Parameters of the step. */
export type ChargeMigrationSpecs = {
  signal_threshold: Param<number>;
};

/** Flags charge migration in ramps. Importing this loads no numeric code. */
export const ChargeMigrationStep: Step<DeclaredTypes<"RampModel", "RampModel", ChargeMigrationSpecs, readonly []>> =
  defineStep({
    alias: "charge_migration",
    className: "ChargeMigrationStep",
    classPath: "jwst.charge_migration.ChargeMigrationStep",
    description: "Flag groups affected by charge migration.",
    input: "RampModel",
    output: "RampModel",
    skip: true,
    parameters: {
      signal_threshold: float({ default: 25000, help: "Signal above which charge migrates to neighbours [DN]" }),
    },
    load: () => import("./process.js"),
  });
