export { CleanFlickerNoiseStep } from "./step.js";
