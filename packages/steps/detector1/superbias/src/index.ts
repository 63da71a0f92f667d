export { SuperBiasStep } from "./step.js";
