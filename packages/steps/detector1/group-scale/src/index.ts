export { GroupScaleStep } from "./step.js";
