export { clippedMean } from "./clipped-mean.js";
export { type ClippedStatistics, sigmaClippedStatistics } from "./clipped-statistics.js";
export { pairwiseSum, pairwiseSum32 } from "./pairwise.js";
export { SlidingMedian } from "./running-median.js";
