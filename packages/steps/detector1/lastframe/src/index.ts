export { LastFrameStep } from "./step.js";
