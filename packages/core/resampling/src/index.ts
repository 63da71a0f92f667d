export { checkSize } from "./budget.js";
export { type ReadExposure, readExposure } from "./exposure.js";
export { flagOutliers, type MatchEnvironment, matchInvalid, VALUE_ARRAYS } from "./match.js";
export {
  customGrid,
  type GridOptions,
  imageWcs,
  type OutputGrid,
  outputGrid,
  regionsOf,
  regionTexts,
} from "./output-grid.js";
export { meanPixelArea } from "./pixel-area.js";
export { type PixelMapOptions, pixelMap, positions } from "./pixel-map.js";
export { pixelScaleAt } from "./pixel-scale.js";
export { fillProduct, newProduct, type ProductInfo, writeWcsinfo } from "./product.js";
export { INPUT_ARRAYS, Resampler, weightSource } from "./resampler.js";
export { TimeKeeper, weightTime } from "./times.js";
export {
  type Log,
  type Resampled,
  type ResampleEnvironment,
  type ResampleOptions,
  type Times,
  VARIANCES,
  type VarianceName,
} from "./types.js";
