export { type EmiCorrSpecs, EmiCorrStep } from "./step.js";
