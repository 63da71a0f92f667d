export { type CollatePiece, collate, placeStripes, type StripePlacement } from "./kernel/collate.js";
export { type ColumnPlan, columnLevels, columnScratch, type ReferenceSet } from "./kernel/columns.js";
export { type PlacedFrame, type Placement, placedFrame, positionOf } from "./kernel/frame.js";
export { correctIrs2, type Irs2Piece, irs2Task, meanPlanes, meanTask } from "./kernel/irs2.js";
export {
  type BadPixelRow,
  findBadLines,
  type Irs2Ramps,
  interleavedLines,
  replaceBadLines,
  replaceListedLines,
  replacementOf,
} from "./kernel/irs2-bad.js";
export { edgeFilter, interpolateGaps, realActing, removeSlope } from "./kernel/irs2-filter.js";
export { type Irs2Layout, irs2Layout, LINES } from "./kernel/irs2-layout.js";
export { type LevelSubtraction, levelSubtraction, type PlaneLevels } from "./kernel/levels.js";
export { correctMiri, type MiriPiece, miriTask } from "./kernel/mid-infrared.js";
export { correctPlanes, correctTask, type NearInfraredPiece } from "./kernel/near-infrared.js";
export {
  AMPLIFIERS,
  edgelessFlags,
  edgeRowsPlan,
  flaggedPixelsPlan,
  odd,
  sidePlan,
  stripePlan,
} from "./kernel/plans.js";
export { type SideParameters, type SidePlan, sideLevels } from "./kernel/side.js";
export { convolveSame, type SirsKernels, sirsKernels, sirsTemplates } from "./kernel/sirs.js";
