export {
  DEFAULT_IRS2_PATTERN,
  type Irs2Pattern,
  irs2ScienceMask,
  irs2ScienceRows,
  irs2SectorMask,
  isIrs2Shape,
} from "./irs2.js";
export { type DetectorFrame, detectorFrame } from "./orientation.js";
