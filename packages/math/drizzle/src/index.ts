export { type BlotArgs, blotPixels } from "./blot.js";
export { Coverage } from "./coverage.js";
export { drizzleBand, drizzleBandTask } from "./drizzle.js";
export { joinExtents, mapExtent, RowExtents } from "./extent.js";
export { fillValue, putFill } from "./fill.js";
export { lanczosTable } from "./kernels.js";
export { type MedianArgs, medianPixels, medianPixelsTask } from "./median.js";
export { absoluteDerivative, flagPlain, flagResampled, type OutlierArgs } from "./outliers.js";
export { imageRange } from "./range.js";
export { type RollingArgs, rollingMedian, rollingMedianTask } from "./rolling.js";
export { scanLimits } from "./scan.js";
export { weightThreshold } from "./threshold.js";
export {
  type DrizzleBand,
  KERNELS,
  type KernelName,
  type MapExtent,
  type PixelMap,
  type VarianceSums,
} from "./types.js";
export { finishVariances, finishVariancesTask, type VarianceResult } from "./variance.js";
export { drizzleWeight, type WeightArgs, type WeightType } from "./weight.js";
