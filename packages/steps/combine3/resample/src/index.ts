export { type ResampleSpecs, ResampleStep } from "./step.js";
