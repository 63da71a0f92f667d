/**
 * What rules of stages 2 and 3 share: types of exposures and of members, optical paths, constraints and the parts of
 * product names. The rule packages are made of it, and so can others be.
 */
export { escapePattern } from "./constraint/nodes.js";
export { baseName, stem } from "./names/suffix.js";
export { baseData } from "./rule.js";
export { instrumentName, isTimeSeriesIn, opticalElements, slitName, subarrayName, targetName } from "./rules/base.js";
export {
  directImageCandidate,
  expType,
  notBackground,
  notBackgroundOrTimeSeries,
  notTimeSeries,
  opticalPath,
  sameScienceTarget,
  sameTarget,
  targetAcquisition,
  timeSeries,
  wavefrontSensing,
} from "./rules/constraints.js";
export {
  coronagraphDetectorValid,
  isAmi,
  isCoronagraphic,
  isTimeSeries,
  mayBeTimeSeries,
  memberType,
  sossFilterCalibrated,
} from "./rules/exposure.js";
export {
  ACQUISITIONS,
  CORONAGRAPHIC,
  IMAGE2_NONSCIENCE,
  IMAGE2_SCIENCE,
  MEMBER_TYPE,
  MODIFIERS,
  SPEC2_SCIENCE,
  TIME_SERIES,
} from "./rules/exposure-types.js";
export { fixedSlitDetectorValid, ifuDetectorValid, lampDetectorValid } from "./rules/optical-paths.js";
