import { pixel } from "@calwebb/dqflags";
import { clipMask } from "@calwebb/scene";
import type { DraftRate } from "./rate.js";

/** Rows of the fixed slits, [first, end), on NIRSpec detectors. */
const FIXED_SLITS: readonly [number, number] = [922, 1116];

/** What a scene mask leaves out beside signal. */
export interface MaskOptions {
  /** EXP_TYPE */
  exposureType: string;
  /** Leave out regions that are known to hold science. */
  scienceRegions: boolean;
  /** Clipping above the background [sigma]; 0: none. */
  sigma: number;
  fitHistogram: boolean;
  /** Further science pixels, ny * nx, 1 where masked. */
  science?: Uint8Array | undefined;
  /** Fixed slits hold science of an exposure through the MSA, so that their rows stay. */
  fixedSlits?: boolean | undefined;
}

/**
 * Where a rate image shows background: 1 where pixels may be used, one plane per plane of the rate.
 * NaN and exactly zero rates are left out, then values above `sigma` (and below 3) standard deviations from the level.
 */
export function sceneMask(rate: DraftRate, options: MaskOptions): Uint8Array {
  const { data, dq, nplanes, ny, nx } = rate;
  const npix = ny * nx;
  const mask = new Uint8Array(nplanes * npix);
  const type = options.exposureType.toLowerCase();
  let bad = 0;
  if (options.scienceRegions && type.startsWith("nrs")) bad = pixel.MSA_FAILED_OPEN;
  if (options.scienceRegions && type === "mir_image") bad = pixel.DO_NOT_USE | pixel.NON_SCIENCE;
  for (let i = 0; i < nplanes; i++)
    for (let p = 0; p < npix; p++) {
      const v = data[i * npix + p];
      const usable = !Number.isNaN(v) && v !== 0 && (dq[i * npix + p] & bad) === 0 && !options.science?.[p];
      mask[i * npix + p] = usable ? 1 : 0;
    }
  if (options.scienceRegions && (type === "nrs_ifu" || (type === "nrs_msaspec" && options.fixedSlits !== true)))
    for (let i = 0; i < nplanes; i++)
      mask.fill(0, i * npix + Math.min(ny, FIXED_SLITS[0]) * nx, i * npix + Math.min(ny, FIXED_SLITS[1]) * nx);
  if (options.sigma > 0)
    for (let i = 0; i < nplanes; i++)
      clipMask(data.subarray(i * npix, (i + 1) * npix), mask.subarray(i * npix, (i + 1) * npix), {
        upper: options.sigma,
        fitHistogram: options.fitHistogram,
      });
  return mask;
}

/** Pixels that are set in all planes of a mask. */
export function combineMasks(mask: Uint8Array, nplanes: number, npix: number): Uint8Array {
  const out = mask.slice(0, npix);
  for (let i = 1; i < nplanes; i++) for (let p = 0; p < npix; p++) out[p] &= mask[i * npix + p];
  return out;
}
