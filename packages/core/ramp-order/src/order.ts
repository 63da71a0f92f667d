/** Steps between the raw ramp and the dark subtraction, by alias. */
export type LinearStepName =
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
  | "reset"
  | "linearity";

const NIR: readonly LinearStepName[] = [
  "group_scale",
  "dq_init",
  "saturation",
  "ipc",
  "superbias",
  "refpix",
  "linearity",
];

const MIRI: readonly LinearStepName[] = [
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
];

/** Order of the steps that make ramps of an instrument linear: MIRI has its own, all others are near-infrared. */
export function linearOrder(instrument: string | undefined): readonly LinearStepName[] {
  return instrument === "MIRI" ? MIRI : NIR;
}
