export { RampFitStep } from "./step.js";
