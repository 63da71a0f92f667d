import { splitRange } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { subtractReferenceTask } from "@calwebb/planes";
import type { ProcessOf } from "@calwebb/stpipe";
import { resetPlanes } from "./kernel.js";
import type { ResetStep } from "./step.js";

/** Pixels of a plane per piece of work. */
const PIECE = 1 << 18;

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

  const npix = ny * nx;
  const shared = {
    data: ramp.data.flat(),
    level: reset.data.flat(),
    size: npix,
    levelOf: resetPlanes({
      nints,
      ngroups,
      resetNgroups: heldGroups,
      end: end - first,
      before: first,
      resetNints,
      correct: Math.min(Number(exposure.ngroups ?? ngroups), ngroups, resetNgroups),
    }),
    flags: { pixeldq: ramp.pixeldq.flat(), reference: reset.dq.flat() as Uint32Array },
  };
  const pieces = splitRange(npix, PIECE).map(([start, end]) => ({ ...shared, start, end }));
  progress.start(pieces.length, "reset");
  await executor.run(subtractReferenceTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};
