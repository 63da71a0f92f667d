export { LinearityStep } from "./step.js";
