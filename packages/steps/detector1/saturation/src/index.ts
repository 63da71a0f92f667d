export { SaturationStep } from "./step.js";
