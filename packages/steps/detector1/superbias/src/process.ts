import { splitRange } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { type SubtractReference, subtractReferenceTask } from "@calwebb/planes";
import { referenceCutter } from "@calwebb/readout";
import type { ProcessOf } from "@calwebb/stpipe";
import { biasPlanes } from "./kernel.js";
import type { SuperBiasStep } from "./step.js";

/** Pixels of a plane per piece of work. */
const PIECE = 1 << 18;

/** Subtract the superbias from all groups and from the zero frame, in place. */
export const process: ProcessOf<typeof SuperBiasStep> = async (ramp, { refs, log, executor, signal, progress }) => {
  await ramp.load("data", "pixeldq", "zeroframe");
  const cut = referenceCutter(ramp, refs.superbias, log);
  const bias = cut(refs.superbias.data);
  const [, ngroups, ny, nx] = ramp.data.shape;
  const size = ny * nx;
  if (bias.shape.at(-2) !== ny || bias.shape.at(-1) !== nx)
    throw new ValidationError(
      `the superbias has planes of [${bias.shape.slice(-2)}] pixels, the exposure [${ny},${nx}]`,
      {
        where: "superbias",
        got: `[${bias.shape}]`,
      },
    );
  if (!ramp.data.contiguous) ramp.data = ramp.data.copy();
  const data = ramp.data.flat();
  const level = bias.flat();
  const shared = { level, size };
  const held = level.length / size;
  const dq = refs.superbias.hasArray("dq") ? cut(refs.superbias.dq).flat() : undefined;
  const flags = dq && { pixeldq: ramp.pixeldq.flat(), reference: dq };
  const ranges = splitRange(size, PIECE);
  const levelOf = biasPlanes(data.length / size, ngroups, held);
  const pieces: SubtractReference[] = ranges.map(([start, end]) => ({ ...shared, data, levelOf, flags, start, end }));
  if (ramp.meta.exposure.zero_frame && ramp.hasArray("zeroframe")) {
    const zero = ramp.zeroframe.flat();
    const zeroOf = biasPlanes(zero.length / size, 1, held);
    for (const [start, end] of ranges)
      pieces.push({ ...shared, data: zero, levelOf: zeroOf, keepZero: true, start, end });
  }
  progress.start(pieces.length, "superbias");
  await executor.run(subtractReferenceTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};
