export { decayTraps, followTraps, followTrapsTask, type TrapArgs } from "./kernel/model.js";
export {
  decayFraction,
  groupSlopes,
  jumpCapture,
  rampCapture,
  saturationCapture,
  type TrapFamily,
} from "./kernel/traps.js";
export { flagWindows, mjdToEpoch, type WindowOptions } from "./kernel/window.js";
