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
export { type Box, boxAround, centreOfMass } from "./centroid.js";
export { erf } from "./erf.js";
export { FWHM_TO_SIGMA, fitGaussianPrf, type GaussianFit } from "./gaussian-prf.js";
