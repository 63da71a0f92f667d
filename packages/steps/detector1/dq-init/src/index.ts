export { DQInitStep } from "./step.js";
