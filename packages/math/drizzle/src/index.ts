export { type BlotArgs, blotPixels } from "./blot.js";
export { Coverage } from "./coverage.js";
export { drizzleBand, drizzleBandTask } from "./drizzle.js";
export { mapExtent } from "./extent.js";
export { fillValue, putFill } from "./fill.js";
export { lanczosTable } from "./kernels.js";
export { type MedianArgs, medianPixels, medianPixelsTask } from "./median.js";
export { absoluteDerivative, flagPlain, flagResampled, type OutlierArgs } from "./outliers.js";
export { positionRow, releasePositions, wholeMap } from "./positions.js";
export { imageRange } from "./range.js";
export { type RollingArgs, rollingMedian, rollingMedianTask } from "./rolling.js";
export { scanLimits } from "./scan.js";
export { type GridSurface, gridSurface, surfaceRow } from "./surface.js";
export { weightThreshold } from "./threshold.js";
export {
  type DrizzleBand,
  KERNELS,
  type KernelName,
  type MapExtent,
  type PixelMap,
  type Positions,
  type SurfaceMap,
  type VarianceSums,
} from "./types.js";
export { finishVariances, finishVariancesTask, type VarianceResult } from "./variance.js";
export { drizzleWeight, type WeightSource, type WeightType } from "./weight.js";
