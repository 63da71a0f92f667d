export { type Decision, decide, type ImageStatistics, LIMITS, type Limits, measureImage } from "./kernel/auto.js";
export { cleanFullFrame } from "./kernel/full-frame.js";
export { type CleanPlaneArgs, type CleanSettings, type CleanStatus, cleanPlane, cleanTask } from "./kernel/image.js";
export { relativeFlux, relativeTo, scaledMedian } from "./kernel/median-image.js";
export { type SossOrder, sossTraceMask } from "./kernel/soss.js";
export { subtractStripes } from "./kernel/stripes.js";
export { ALLSLITS_FILTER, cleanSubarray, type Filter, USUAL_FILTER } from "./kernel/subarray.js";
