export {
  DEFAULT_IRS2_PATTERN,
  type Irs2Pattern,
  irs2ScienceMask,
  irs2ScienceRows,
  irs2SectorMask,
  isIrs2Shape,
} from "./irs2.js";
export { type DetectorFrame, detectorFrame } from "./orientation.js";
export {
  DETECTOR_SIZE,
  isMultistripe,
  type StripeLayout,
  type StripeMeta,
  type StripeRange,
  slowSize,
  stripeLayouts,
  stripeLines,
} from "./stripes.js";
export { type Placed, type ReferenceCutter, referenceCutter, type Warner } from "./subarray.js";
