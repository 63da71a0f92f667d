export { type DarkCurrentSpecs, DarkCurrentStep } from "./step.js";
