import type { ProcessOf } from "@calwebb/stpipe";
import { flagLast } from "./kernel.js";
import type { LastFrameStep } from "./step.js";

/** Flag the last group of a MIRI ramp, in place. */
export const process: ProcessOf<typeof LastFrameStep> = async (ramp, { params }) => {
  await ramp.load("data", "groupdq");
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  if (ngroups < params.minimum_groups) return { skip: `${ngroups} groups are too few to give one up` };
  flagLast(ramp.groupdq.flat(), nints, ngroups, ny * nx);
  return ramp;
};
