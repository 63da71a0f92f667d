export { DarkCurrentStep } from "./step.js";
