import { splitRange } from "@calwebb/array";
import type { RampModel, SuperstripeRampModel } from "@calwebb/datamodels";
import type { ProcessOf } from "@calwebb/stpipe";
import type { RefPixStep } from "../step.js";

export type Ramp = RampModel | SuperstripeRampModel;

/** What the parts of the step get from the runner. */
export type Context = Parameters<ProcessOf<typeof RefPixStep>>[1];

/** Cut planes into pieces of at most `most`, so that every worker gets some. */
export function planePieces(planes: number, most: number, { executor }: Pick<Context, "executor">): [number, number][] {
  return splitRange(planes, Math.min(most, Math.ceil(planes / executor.workers)));
}

/** The zero frame, where there is one. */
export function zeroFrame(ramp: Ramp): Float32Array | undefined {
  if (!ramp.meta.exposure.zero_frame || !ramp.hasArray("zeroframe")) return undefined;
  if (!ramp.zeroframe.contiguous) ramp.zeroframe = ramp.zeroframe.copy();
  return ramp.zeroframe.flat();
}

/** Run a correction of the zero frame; pixels that were 0 (no measurement) are 0 again afterwards. */
export async function keepingZeros(zero: Float32Array, correct: () => Promise<unknown>): Promise<void> {
  const none = new Uint8Array(zero.length);
  for (let i = 0; i < zero.length; i++) if (zero[i] === 0) none[i] = 1;
  await correct();
  for (let i = 0; i < zero.length; i++) if (none[i] !== 0) zero[i] = 0;
}
