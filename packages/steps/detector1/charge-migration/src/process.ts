import type { ProcessOf } from "@calwebb/stpipe";
import { flagChargeMigrationTask } from "./kernel.js";
import type { ChargeMigrationStep } from "./step.js";

/** Flag charge migration in a ramp, in place. */
export const process: ProcessOf<typeof ChargeMigrationStep> = async (
  ramp,
  { params, log, executor, signal, progress },
) => {
  await ramp.load("data", "groupdq");
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  if (ngroups < 3) return { skip: `${ngroups} groups are too few to give one up` };
  const shared = {
    data: ramp.data.flat(),
    groupdq: ramp.groupdq.flat(),
    ngroups,
    ny,
    nx,
    threshold: params.signal_threshold,
  };
  const pieces = Array.from({ length: nints }, (_, integration) => ({ ...shared, integration }));
  progress.start(pieces.length, "charge migration");
  const found = await executor.run(flagChargeMigrationTask, pieces, { signal, onDone: () => progress.advance() });
  log.info(`${found.reduce((a, b) => a + b, 0)} ramps above ${params.signal_threshold} DN`);
  return ramp;
};
