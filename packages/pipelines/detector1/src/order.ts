import { type LinearStepName, linearOrder } from "@calwebb/ramp-order";

/** Steps that work on ramps, by alias. */
export type RampStepName =
  | LinearStepName
  | "dark_current"
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
export const NIR_ORDER: readonly RampStepName[] = [...linearOrder(undefined), "dark_current", ...LAST];

/** Order of the steps for MIRI. */
export const MIRI_ORDER: readonly RampStepName[] = [...linearOrder("MIRI"), "dark_current", "refpix", ...LAST];
