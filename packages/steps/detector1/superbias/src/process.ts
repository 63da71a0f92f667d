import { splitRange } from "@calwebb/array";
import { ValidationError } from "@calwebb/errors";
import { referenceCutter } from "@calwebb/readout";
import type { ProcessOf } from "@calwebb/stpipe";
import { combineFlags, subtractTask } from "./kernel.js";
import type { SuperBiasStep } from "./step.js";

/** Pixels per piece of work. */
const PIECE = 1 << 23;

/** Subtract the superbias from all groups and from the zero frame, in place. */
export const process: ProcessOf<typeof SuperBiasStep> = async (ramp, { refs, log, executor, signal, progress }) => {
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
  if (refs.superbias.hasArray("dq")) combineFlags(ramp.pixeldq.flat(), cut(refs.superbias.dq).flat());
  if (!ramp.data.contiguous) ramp.data = ramp.data.copy();
  const shared = { bias: bias.flat(), size };
  const data = ramp.data.flat();
  const pieces = splitRange(data.length / size, PIECE / size).map(([from, to]) => ({
    ...shared,
    data,
    from,
    to,
    repeat: ngroups,
    keepZero: false,
  }));
  if (ramp.meta.exposure.zero_frame && ramp.hasArray("zeroframe")) {
    const zero = ramp.zeroframe.flat();
    pieces.push({ ...shared, data: zero, from: 0, to: zero.length / size, repeat: 1, keepZero: true });
  }
  progress.start(pieces.length, "superbias");
  await executor.run(subtractTask, pieces, { signal, onDone: () => progress.advance() });
  return ramp;
};
