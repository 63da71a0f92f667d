export { type MatchOptions, matchSky, type SkyMethod } from "./kernel/match.js";
export { fillPolygon } from "./kernel/polygon.js";
export { makeSkyImage, type SkyGroup, type SkyImage, type SkyWcs } from "./kernel/sky-image.js";
export { type SkyStatistic, type StatisticOptions, skyStatistic } from "./kernel/statistics.js";
