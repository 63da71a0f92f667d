export { type AssignOptions, assignSpectral, isOtherLamp, isSpectral, type Log, pointingOf } from "./assign.js";
export type { Box } from "./boxes.js";
export { type Exposure, exposureOf, isIfu, type SpectralRange, spectralRange } from "./exposure.js";
export { type Flags, failedOpenShutters, flagFailedOpen } from "./failed-open.js";
export { assignImaging, type ImagingOptions, isNirspecImage, NIRSPEC_IMAGES } from "./imaging.js";
export { isMsaFileError, MsaFileError, openShutters, type Selection } from "./metafile.js";
export { REFERENCE_TYPES, type ReferenceType } from "./reference-types.js";
export {
  type Apertures,
  type Place,
  type ReferenceModels,
  References,
} from "./references.js";
export { seesFixedSlit, sliceMask, slitMask } from "./science.js";
export { SLICES, type SliceMap, sliceMap } from "./slices.js";
export { forSlit, slitTransformsOf, slitWcs } from "./slit-wcs.js";
export {
  brightObjectSlit,
  FIXED_SLITS,
  type FixedSlit,
  fixedSlitId,
  isFixedSlit,
  makeSlit,
  openFixedSlits,
  type Slit,
  type SlitRange,
  slitRow,
} from "./slits.js";
