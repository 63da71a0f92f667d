export { type Detection, detectSources, detectSourcesTask, type PixelCatalog } from "./kernel/detect.js";
export { apply, FEWEST, type FitGeometry, fitClipped, fitLinear, type Linear, pairWeights } from "./kernel/fit.js";
export {
  histogramOffset,
  histogramPeak,
  type Matches,
  type MatchOptions,
  matchPoints,
  type Points,
} from "./kernel/match.js";
