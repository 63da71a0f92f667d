import type { CubeModel, FlatModel, ImageModel, RampModel } from "@calwebb/datamodels";
import { pixel } from "@calwebb/dqflags";
import type { DraftRate } from "@calwebb/draft-rate";
import { referenceCutter } from "@calwebb/readout";
import { backgroundLevel } from "@calwebb/scene";
import type { Logger } from "@calwebb/stpipe";

type Input = RampModel | ImageModel | CubeModel;

/**
 * The flat of an exposure as one plane. Zeros and values that are not finite become a smooth local value, so that
 * they do not disturb the fits.
 */
export function flatPlane(input: Input, flat: FlatModel, log: Logger): Float32Array {
  const array = referenceCutter(input, flat, log)(flat.data);
  const [ny, nx] = array.shape.slice(-2);
  const values = array.flat().slice();
  const good = Uint8Array.from(values, (v) => (v !== 0 && Number.isFinite(v) ? 1 : 0));
  if (good.every((g) => g !== 0)) return values;
  const bad = good.map((g) => 1 - g);
  const smooth = backgroundLevel(values, good, ny, nx, "model");
  for (let p = 0; p < values.length; p++) if (bad[p] !== 0) values[p] = typeof smooth === "number" ? smooth : smooth[p];
  return values;
}

/** Combine the flags of a flat with those of a rate, in place: where the flat says nothing, neither does the rate. */
export function addFlatFlags(rate: DraftRate, input: Input, flat: FlatModel, log: Logger): void {
  const cut = referenceCutter(input, flat, log);
  const data = cut(flat.data).flat();
  const dq = cut(flat.dq).flat();
  const npix = rate.ny * rate.nx;
  for (let p = 0; p < npix; p++) {
    let flags = dq[p];
    if (Number.isNaN(data[p]) || data[p] === 0) flags |= pixel.DO_NOT_USE | pixel.NO_FLAT_FIELD;
    for (let i = 0; i < rate.nplanes; i++) rate.dq[i * npix + p] |= flags;
  }
}
