export { clippedMean } from "./clipped-mean.js";
export { type ClippedStatistics, sigmaClippedStatistics } from "./clipped-statistics.js";
export { sortingNetwork } from "./network.js";
export { pairwiseSum, pairwiseSum32 } from "./pairwise.js";
export { SlidingMedian } from "./running-median.js";
export { largest, median32, median64, middle32, select } from "./select.js";
export { sortFloat32 } from "./sort.js";
