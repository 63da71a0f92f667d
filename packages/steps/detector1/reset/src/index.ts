export { ResetStep } from "./step.js";
