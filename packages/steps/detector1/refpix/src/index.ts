export { RefPixStep } from "./step.js";
