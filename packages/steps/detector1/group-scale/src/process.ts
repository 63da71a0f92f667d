import { splitRange } from "@calwebb/array";
import type { ProcessOf } from "@calwebb/stpipe";
import { groupFactor, scaleTask } from "./kernel.js";
import type { GroupScaleStep } from "./step.js";

/** Elements per piece of work. */
const PIECE = 1 << 23;

/** Multiply all groups by FRMDIVSR / NFRAMES, in place. */
export const process: ProcessOf<typeof GroupScaleStep> = async (ramp, { log, executor, signal, progress }) => {
  const { nframes, frame_divisor } = ramp.meta.exposure;
  const factor = groupFactor(nframes, frame_divisor);
  if (typeof factor === "string") return { skip: factor };
  log.info(`rescaling all groups by ${frame_divisor}/${nframes}`);
  if (!ramp.data.contiguous) ramp.data = ramp.data.copy();
  const data = ramp.data.flat();
  const pieces = splitRange(data.length, PIECE).map(([from, to]) => ({ data, from, to, factor }));
  progress.start(pieces.length, "group_scale");
  await executor.run(scaleTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};
