export {
  type CommonWcsOptions,
  calcRotationMatrix,
  computeFiducial,
  computeScale,
  type Footprint,
  fiducialOf,
  type OrientationInfo,
  reproject,
  separation,
  wcsFromFootprints,
  wcsFromSregions,
} from "./align/alignment.js";
export { combineSRegions } from "./align/sregions.js";
export { type WcsCards, wcsFromFits } from "./fits/from-fits.js";
export { type FitsCards, fitSip, type SipFit, type SipOptions } from "./fits/sip.js";
export { updateFitsWcsinfo } from "./fits/wcsinfo.js";
export {
  type AxisType,
  celestialFrame,
  compositeFrame,
  coordinateFrame,
  Frame,
  type FrameKind,
  frame2D,
  spectralFrame,
} from "./frame.js";
export { GrismDispersion, type GrismInit, type GrismKind } from "./jwst/grism.js";
export { type IdealFrame, idealToV2V3, v2v3ToIdeal } from "./jwst/ideal.js";
export { logical } from "./jwst/logical.js";
export {
  coords,
  type Glass,
  gratingEquation,
  refractionIndexFromPrism,
  rotationToGwa,
  sellmeier,
  snell,
  zemax,
} from "./jwst/optics.js";
export {
  arrayLabels,
  keyLabels,
  PickTransform,
  RegionsSelector,
  type SlitKind,
  slitTransforms,
} from "./jwst/select.js";
export { IncompatibleCorrections, rotMat3D, TPCorr, type TPCorrInit } from "./jwst/tpcorr.js";
export type { TraceModel } from "./jwst/trace.js";
export { setWcs, type WithMeta, wcsOf } from "./model.js";
export { numericalInverse, type SearchOptions } from "./numerical-inverse.js";
export { computeRollRef, dvaCorrection, type Pointing, v23ToSky } from "./pointing.js";
export { boundingBoxFromShape, parseSRegion, sRegion, sRegionOf } from "./region.js";
export { AffineTransformation2D, type Matrix2, Rotation2D } from "./transforms/affine.js";
export { Const, Identity, Mapping, Scale, Shift } from "./transforms/basic.js";
export { BoundingBox, CompoundBoundingBox } from "./transforms/bounding-box.js";
export {
  Arithmetic,
  Compose,
  Concatenate,
  FixInputs,
  type Operation,
  pipe,
  sideBySide,
} from "./transforms/compound.js";
export { FitsImaging, type FitsImagingInit, lonPole } from "./transforms/fits-imaging.js";
export { OpaqueTransform } from "./transforms/opaque.js";
export { Polynomial1D, Polynomial2D, type Range } from "./transforms/polynomial.js";
export { type Direction, PROJECTION_CODES, Projection } from "./transforms/projection.js";
export { loadTransform, transformFromAsdf } from "./transforms/read.js";
export {
  CartesianToSpherical,
  EulerAngleRotation,
  RotateCelestial2Native,
  RotateNative2Celestial,
  RotationSequence3D,
  SphericalRotationSequence,
  SphericalToCartesian,
} from "./transforms/sphere.js";
export { Tabular1D, Tabular2D, type TabularOptions } from "./transforms/tabular.js";
export { type Block, Transform } from "./transforms/transform.js";
export type { Matrix3 } from "./transforms/trig.js";
export { type EvaluateOptions, type FootprintOptions, type InverseOptions, Wcs, type WcsStep } from "./wcs.js";
