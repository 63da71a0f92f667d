import { ValidationError } from "@calwebb/errors";
import { isIrs2Shape, isMultistripe } from "@calwebb/readout";
import type { ProcessOf } from "@calwebb/stpipe";
import { collateStripes } from "./process/collate.js";
import { correctIrs2Ramp } from "./process/irs2.js";
import { correctMiriRamp } from "./process/miri.js";
import { correctNearInfrared, correctStripes } from "./process/near-infrared.js";
import type { RefPixStep } from "./step.js";

/** Rows and columns of a full frame. */
const FULL = { MIRI: [1024, 1032], NIR: [2048, 2048] } as const;

/** Subtract what the reference pixels show of the bias, in place; see docs.md. */
export const process: ProcessOf<typeof RefPixStep> = async (ramp, context) => {
  const { subarray, instrument } = ramp.meta;
  for (const name of ["xstart", "ystart", "xsize", "ysize"] as const)
    if (subarray[name] === undefined)
      throw new ValidationError(`the exposure lacks meta.subarray.${name}`, { where: `meta.subarray.${name}` });
  await ramp.load("data", "pixeldq");
  if (!ramp.data.contiguous) ramp.data = ramp.data.copy();
  if (isIrs2Shape(ramp.data.shape)) return correctIrs2Ramp(ramp, context);
  const [ny, nx] = ramp.data.shape.slice(-2);
  const miri = instrument.name === "MIRI";
  const [fullY, fullX] = miri ? FULL.MIRI : FULL.NIR;
  const cut = ny < fullY || nx < fullX;
  if (miri) return cut ? { skip: "reference pixels of MIRI subarrays are not used" } : correctMiriRamp(ramp, context);
  if (isMultistripe(subarray)) {
    await correctStripes(ramp, context);
    return (subarray.num_superstripe ?? 0) > 0 ? collateStripes(ramp, context.log) : ramp;
  }
  if (cut) {
    const right = (subarray.xstart ?? 1) - 1 + (subarray.xsize ?? 0);
    const top = (subarray.ystart ?? 1) - 1 + (subarray.ysize ?? 0);
    if ((subarray.xstart ?? 1) < 1 || (subarray.ystart ?? 1) < 1 || right > fullX || top > fullY)
      return { skip: "the subarray reaches beyond the detector" };
  }
  await correctNearInfrared(ramp, context, cut);
  return ramp;
};
