import { ValidationError } from "@calwebb/errors";
import type { ProcessOf } from "@calwebb/stpipe";
import { type ResetArgs, subtractResetTask } from "./kernel.js";
import type { ResetStep } from "./step.js";

/** Subtract the reset anomaly from a MIRI ramp, in place. */
export const process: ProcessOf<typeof ResetStep> = async (ramp, { refs, executor, signal, progress }) => {
  await ramp.load("data", "pixeldq");
  const { exposure } = ramp.meta;
  const reset = refs.reset;
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const [heldInts, heldGroups, resetNy, resetNx] = reset.data.shape;
  if (resetNy !== ny || resetNx !== nx)
    throw new ValidationError(`the reset reference is ${resetNy} x ${resetNx} pixels, the exposure ${ny} x ${nx}`, {
      got: `${resetNy} x ${resetNx}`,
      wanted: `${ny} x ${nx}`,
    });
  const resetNints = Math.min(Number(reset.meta.exposure.nints ?? heldInts), heldInts);
  const resetNgroups = Math.min(Number(reset.meta.exposure.ngroups ?? heldGroups), heldGroups);
  const first = (exposure.integration_start ?? 1) - 1;
  const end = exposure.integration_end ?? exposure.nints ?? first + nints;

  const refdq = reset.dq.flat() as Uint32Array;
  const pixeldq = ramp.pixeldq.flat();
  for (let p = 0; p < pixeldq.length; p++) pixeldq[p] |= refdq[p];
  const shared = {
    data: ramp.data.flat(),
    reset: reset.data.flat(),
    ngroups,
    resetNgroups: heldGroups,
    npix: ny * nx,
    correct: Math.min(Number(exposure.ngroups ?? ngroups), ngroups, resetNgroups),
  };
  const pieces: ResetArgs[] = [];
  for (let i = first; i < Math.min(end, first + nints); i++)
    pieces.push({ ...shared, integration: i - first, from: Math.min(i, resetNints - 1) });
  progress.start(pieces.length, "reset");
  await executor.run(subtractResetTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};
