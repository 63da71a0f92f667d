export { clipLimits } from "./kernel/clip.js";
export { detectRange, surveyRange } from "./kernel/detect-range.js";
export { contains, type Event, findEvents, flagEvent } from "./kernel/events.js";
export { findJumps, type Thresholds } from "./kernel/iterate.js";
export { combineFlags, countUsable, dropRedundant } from "./kernel/planes.js";
export { prepareWorkers } from "./kernel/prepare.js";
export type { Mode, RangeArgs, RangeResult } from "./kernel/range.js";
export { makeRing, type Ring, RingMean } from "./kernel/ring.js";
export { type Flags, flagsOf, type Mark, markJump, markUnsaturated, saturate } from "./kernel/rows.js";
export { GroupScan } from "./kernel/scan.js";
export type {
  AfterSettings,
  DetectionSettings,
  JumpRamp,
  NeighbourSettings,
  ShowerSettings,
  SnowballSettings,
} from "./kernel/settings.js";
export { findShowers, flagShowers, type ShowerArgs, type ShowerGroup } from "./kernel/showers.js";
export { flagCores, flagSnowballs, type SnowballArgs, snowballTask } from "./kernel/snowballs.js";
export { flagNeighbours, SpotList, type Spots } from "./kernel/spots.js";
export { type AfterArgs, flagAfterRange } from "./kernel/spread.js";
export { DetectTile } from "./kernel/tile.js";
export {
  detectJumps,
  executorFor,
  medianGain,
  pieceCount,
  type Running,
  type TwoPointResult,
} from "./kernel/two-point.js";
