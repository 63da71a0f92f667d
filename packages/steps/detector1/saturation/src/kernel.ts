export { flaggedElsewhere } from "./kernel/elsewhere.js";
export { CONVERTER_LIMIT, type Geometry } from "./kernel/geometry.js";
export { type ReadPattern, readPattern } from "./kernel/pattern.js";
export { type Flagged, flagRows, flagTask, rowsAround, type SaturationPiece, type Thresholds } from "./kernel/rows.js";
export { clearZeroFrame, type ZeroFramePiece, zeroFrameTask } from "./kernel/zero.js";
