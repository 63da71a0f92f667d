export { CONVERTER_LIMIT, type Geometry, type Marks, noMarks, spread } from "./kernel/planes.js";
export {
  flagIntegrations,
  flagTask,
  type ReadPattern,
  readPattern,
  type SaturationPiece,
} from "./kernel/ramps.js";
export { countFlagged, prepareThresholds, type Thresholds } from "./kernel/thresholds.js";
