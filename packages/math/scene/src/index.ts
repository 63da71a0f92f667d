export { type ClipOptions, clipLimits, clipMask, sampleOf } from "./clip.js";
export { fitGaussian } from "./gaussian.js";
export { applyLimits, type Background, type BackgroundMethod, backgroundLevel, medianLevel } from "./level.js";
export { backgroundModel, defaultBox, NoBackgroundError } from "./model.js";
export { buildTree, nearestPoints } from "./nearest.js";
export { clippedRange, clippedStatistics, type Statistics } from "./statistics.js";
export { zoomSpline } from "./zoom.js";
