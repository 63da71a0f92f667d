import type { Model } from "@calwebb/datamodels";
import type { RampStepName } from "./order.js";

/** What is known of the steps' parameters. */
export type StepParams = Readonly<Record<string, { readonly params: Readonly<Record<string, unknown>> }>>;

/** Steps that look at all integrations of whole images. */
const WHOLE: Partial<Record<RampStepName, string>> = {
  emicorr: "emicorr fits its waves to all integrations",
  picture_frame: "picture_frame makes a rate image of all integrations",
  clean_flicker_noise: "clean_flicker_noise makes a rate image of all integrations",
};

/** What persistence does beyond flagging the groups of each pixel, which blocks of rows can. */
function persistenceObstacles(params: Readonly<Record<string, unknown>>): string[] {
  if (params.algorithm === "traps")
    return ["persistence follows the charge from integration to integration (algorithm)"];
  const found: string[] = [];
  for (const name of ["save_persistence", "persistence_array_file"])
    if (typeof params[name] === "string") found.push(`persistence keeps the state of the whole detector (${name})`);
  if (params.persistence_dnu === true) found.push("persistence may make whole groups unusable (persistence_dnu)");
  return found;
}

/**
 * Why an exposure cannot be calibrated in pieces with the result of doing it whole; empty when it can. Jumps and the fit look at
 * all integrations of a pixel and its neighbours, which blocks of rows have.
 * @param order - the ramp steps that are going to run
 */
export function obstacles(
  input: Model,
  order: readonly RampStepName[],
  steps: StepParams,
  saveRamp: boolean,
): string[] {
  const on = (alias: string): boolean => steps[alias]?.params.skip !== true;
  const found: string[] = [];
  for (const alias of order) {
    const why = WHOLE[alias];
    if (why !== undefined && on(alias)) found.push(why);
    if (on(alias) && steps[alias]?.params.save_results === true) found.push(`the product of ${alias} is to be saved`);
  }
  if (on("persistence")) found.push(...persistenceObstacles(steps.persistence?.params ?? {}));
  if (on("rscd") && steps.rscd?.params.algorithm === "decay" && order.includes("rscd"))
    found.push("rscd follows the decay from integration to integration");
  if (on("dark_current") && steps.dark_current?.params.dark_output) found.push("dark_current is to save its dark");
  if (on("jump"))
    for (const name of ["expand_large_events", "find_showers"])
      if (steps.jump?.params[name] === true) found.push(`jump looks at whole images (${name})`);
  if (!on("ramp_fit")) found.push("ramp_fit is skipped, so that the product is the whole ramp");
  if (steps.ramp_fit?.params.save_opt === true) found.push("ramp_fit is to save the fit of every segment");
  if (saveRamp) found.push("the calibrated ramp is to be saved");
  const subarray = input.meta.subarray as Readonly<Record<string, unknown>>;
  if (Number(subarray.num_superstripe ?? 0) > 0 || Number(subarray.multistripe_reads1 ?? 0) > 0)
    found.push("the exposure is read in stripes");
  return found;
}
