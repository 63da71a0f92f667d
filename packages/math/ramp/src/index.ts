export { allSaturated, excludeGroups, type UsableGroups, usableGroups } from "./groups.js";
export {
  fitLikelihood,
  LIKELIHOOD_MIN_GROUPS,
  type LikelihoodOptions,
  type LikelihoodResult,
} from "./likelihood/fit.js";
export type { JumpThresholds } from "./likelihood/pixel.js";
export { fitOls, type OlsOptions, type OlsResult } from "./ols/fit.js";
export type { OlsInput } from "./ols/setup.js";
export { allocatePlanes } from "./planes.js";
export type { FitPlanes, GroupRange, RampData, RampTiming, SegmentPlanes } from "./types.js";
