export { GainScaleStep } from "./step.js";
