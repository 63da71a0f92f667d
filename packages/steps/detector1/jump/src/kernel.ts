export { clipLimits } from "./kernel/clip.js";
export { detectRange, type Mode, type RangeArgs, type RangeResult, surveyRange } from "./kernel/detect-range.js";
export { contains, type Event, findEvents, flagEvent } from "./kernel/events.js";
export { findJumps, type Thresholds } from "./kernel/iterate.js";
export { countUsable, dropRedundant } from "./kernel/planes.js";
export { makeRing, type Ring, ringMean } from "./kernel/ring.js";
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
export { type AfterArgs, flagAfterRange, flagNeighbours } from "./kernel/spread.js";
export {
  detectJumps,
  executorFor,
  medianGain,
  pieceCount,
  type Running,
  type TwoPointResult,
} from "./kernel/two-point.js";
