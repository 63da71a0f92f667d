export { GuiderCdsStep } from "./step.js";
