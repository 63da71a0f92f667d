export { JumpStep } from "./step.js";
