/** Steps that work on ramps, by alias. */
export type RampStepName =
  | "group_scale"
  | "dq_init"
  | "emicorr"
  | "saturation"
  | "ipc"
  | "superbias"
  | "refpix"
  | "rscd"
  | "firstframe"
  | "lastframe"
  | "linearity"
  | "dark_current"
  | "reset"
  | "persistence"
  | "charge_migration"
  | "jump"
  | "picture_frame"
  | "clean_flicker_noise";

/** What every instrument ends with before the fit. */
const LAST: readonly RampStepName[] = [
  "charge_migration",
  "jump",
  "picture_frame",
  "clean_flicker_noise",
  "persistence",
];

/** Order of the steps for near-infrared detectors. */
export const NIR_ORDER: readonly RampStepName[] = [
  "group_scale",
  "dq_init",
  "saturation",
  "ipc",
  "superbias",
  "refpix",
  "linearity",
  "dark_current",
  ...LAST,
];

/** Order of the steps for MIRI. */
export const MIRI_ORDER: readonly RampStepName[] = [
  "group_scale",
  "dq_init",
  "emicorr",
  "saturation",
  "ipc",
  "firstframe",
  "lastframe",
  "reset",
  "linearity",
  "rscd",
  "dark_current",
  "refpix",
  ...LAST,
];
