import type { ProcessOf } from "@calwebb/stpipe";
import { emission } from "./kernel.js";
import type { EmissionStep } from "./step.js";

/** Pass a ramp on: the emission that would be subtracted is zero. */
export const process: ProcessOf<typeof EmissionStep> = (ramp, { log }) => {
  if (emission() === 0) log.info("no telescope emission to subtract");
  return ramp;
};
