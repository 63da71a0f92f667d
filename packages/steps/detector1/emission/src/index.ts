export { EmissionStep } from "./step.js";
