export { EmiCorrStep } from "./step.js";
