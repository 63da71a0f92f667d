import { splitRange } from "@calwebb/array";
import { miriTask } from "../kernel.js";
import { type Context, keepingZeros, type Ramp, zeroFrame } from "./context.js";

/** Correct a full MIRI frame with the reference pixels left and right. */
export async function correctMiriRamp(ramp: Ramp, context: Context): Promise<Ramp> {
  const { params, log, executor, signal, progress } = context;
  const [nints, ngroups, ny, nx] = ramp.data.shape;
  const shared = { dq: ramp.pixeldq.flat(), ny, nx, oddEven: params.odd_even_rows, siglimit: params.siglimit };
  const data = ramp.data.flat();
  const pieces = splitRange(nints, 1).map(([from, to]) => ({ ...shared, data, ngroups, from, to }));
  progress.start(pieces.length, "refpix");
  const usable = await executor.run(miriTask, pieces, { signal, onDone: () => progress.advance() });
  if (!usable.every(Boolean)) log.warn("an amplifier has no good reference pixels; nothing is subtracted");
  const zero = zeroFrame(ramp);
  if (zero !== undefined)
    await keepingZeros(zero, () =>
      executor.run(miriTask, [{ ...shared, data: zero, ngroups: 1, from: 0, to: nints }], { signal }),
    );
  return ramp;
}
