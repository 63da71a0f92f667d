import { type NdArray, recycle } from "@calwebb/array";
import type { Model } from "@calwebb/datamodels";

/** An exposure whose pixels are in memory for a while. */
export interface ReadExposure {
  /** A copy of the model: it shares what was in memory and has read what was not. */
  readonly exposure: Model;
  /** Let go of what has been read; the copy must not be used any more. */
  release(): void;
}

/** Read arrays of an exposure, those that there are, and leave the model as it is. */
export async function readExposure(model: Model, names: readonly string[]): Promise<ReadExposure> {
  const exposure = model.cloneShallow();
  const present = names.filter((name) => exposure.hasArray(name));
  const own = present.filter((name) => exposure.isUnread(name));
  await exposure.load(...present);
  return { exposure, release: () => recycle(...own.map((name) => (exposure.get(name) as NdArray).data)) };
}
