export {
  type ApertureMask,
  type ApertureSum,
  annulusMask,
  apertureSum,
  apertureValues,
  circleMask,
  circleOverlap,
  type OverlapMethod,
} from "./aperture.js";
export { type BackgroundMeshes, backgroundMeshes, meshImage } from "./background.js";
export { type Box, boxAround, centreOfMass } from "./centroid.js";
export { convolve, convolveKnown, convolveSquare, gaussianKernel, type Kernel } from "./convolve.js";
export { daoRoundness, daoSharpness, daoStars } from "./dao.js";
export { type DeblendOptions, deblendSegments, type ThresholdSpacing } from "./deblend.js";
export { erf } from "./erf.js";
export { type FinderOptions, type FinderScratch, type Found, findSources } from "./finder.js";
export { FWHM_TO_SIGMA, fitGaussianPrf, type GaussianFit } from "./gaussian-prf.js";
export { irafStars } from "./iraf.js";
export { cutout, findPeaks } from "./peaks.js";
export {
  type Connectivity,
  detectSegments,
  labelRegions,
  type SegmentBox,
  type Segments,
  segmentBoxes,
} from "./segments.js";
export { measureSegments, type SegmentSource } from "./shapes.js";
export { type Star, type StarOptions, selectStars } from "./star-finder.js";
export { type StarKernel, starKernel } from "./star-kernel.js";
export {
  findSource,
  measure,
  nanMedian,
  type Photometry,
  type Series,
  type Source,
  toElectrons,
  total,
} from "./time-series.js";
export { watershed } from "./watershed.js";
