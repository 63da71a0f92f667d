import type { ProcessOf } from "@calwebb/stpipe";
import { correctTraps } from "./process/traps.js";
import { correctWindows } from "./process/windows.js";
import type { PersistenceStep } from "./step.js";

/** Flag or subtract persistence of a ramp, in place. */
export const process: ProcessOf<typeof PersistenceStep> = (ramp, ctx) =>
  ctx.params.algorithm === "traps" ? correctTraps(ramp, ctx) : correctWindows(ramp, ctx);
