export { FirstFrameStep } from "./step.js";
