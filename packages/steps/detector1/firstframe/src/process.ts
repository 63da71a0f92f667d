import type { ProcessOf } from "@calwebb/stpipe";
import { flagFirst, flagFirstUnlessBright } from "./kernel.js";
import type { FirstFrameStep } from "./step.js";

/** Flag the first group of a MIRI ramp, in place. */
export const process: ProcessOf<typeof FirstFrameStep> = async (ramp, { params, log }) => {
  await ramp.load("data", "groupdq", "pixeldq");
  log.warn("firstframe is out of use: the rscd step flags the first group too");
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  if (ngroups < params.minimum_groups) return { skip: `${ngroups} groups are too few to give one up` };
  const groupdq = ramp.groupdq.flat();
  if (params.bright_use_group1) {
    const kept = flagFirstUnlessBright(groupdq, ramp.pixeldq.flat(), nints, ngroups, ny * nx);
    log.info(`${kept} usable bright pixels keep their first group`);
  } else flagFirst(groupdq, nints, ngroups, ny * nx);
  return ramp;
};
