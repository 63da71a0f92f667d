export { type Batch, type MatchOptions, type Measure, matchSky, type SkyMethod } from "./kernel/match.js";
export { measureSky, measureSkyTask, type PixelPolygon, type SkyPiece } from "./kernel/measure.js";
export { fillPolygon } from "./kernel/polygon.js";
export { type SimdSample, simdSample } from "./kernel/simd.js";
export { makeSkyImage, type SkyGroup, type SkyImage, type SkyPixels, type SkyWcs } from "./kernel/sky-image.js";
export {
  type Moments,
  type Passes,
  plainPasses,
  type SkyStatistic,
  type StatisticOptions,
  skyStatistic,
} from "./kernel/statistics.js";
